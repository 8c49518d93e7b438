import { threads } from 'backend-labs/kit';

const memory = { x: [0] };
const calls: never[] = [];

/** What the experiment's threads do: each adds 1 to the x that they share. */
export default threads<object>({
  plain: { memory, calls, threads: { A: addsPlainly, B: addsPlainly } },
  atomic: { memory, calls, threads: { A: addsAtomically, B: addsAtomically } },
});

interface Shared {
  readonly memory: Readonly<Record<string, Int32Array>>;
  pause(what: string): void;
}

/** What x += 1 is for the machine: three steps. */
function addsPlainly({ memory: { x }, pause }: Shared): void {
  const cell = x as Int32Array;
  const read = cell[0] as number;
  pause('add 1');
  cell[0] = read + 1;
}

function addsAtomically({ memory: { x } }: Shared): void {
  Atomics.add(x as Int32Array, 0, 1);
}
