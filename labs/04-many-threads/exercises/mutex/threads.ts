import { threads, type ThreadContext } from 'backend-labs/kit';

/** What the learner's file exports. */
interface Mutex {
  lock(cells: Int32Array, me: number): void;
  unlock(cells: Int32Array, me: number): void;
}
type T = ThreadContext<Mutex>;

const CALLS = ['lock', 'unlock'] as const;
const memory = { lock: [0, 0, 0, 0, 0, 0, 0, 0], count: [0] };

/** One critical section: what it protects is a counter without atomics. */
function section(t: T): void {
  const { lock, count } = t.memory as { lock: Int32Array; count: Int32Array };
  t.come();
  t.learner.lock(lock, t.number);
  t.enter();
  count[0] = (count[0] as number) + 1;
  t.leave();
  t.learner.unlock(lock, t.number);
}

/** Wakes whoever sleeps at the lock's cells, for no reason of the lock's. */
function visitor({ memory: { lock } }: T): void {
  Atomics.notify(lock as Int32Array, 0);
  Atomics.notify(lock as Int32Array, 1);
}

function twice(t: T): void {
  section(t);
  section(t);
}

/** All critical sections together must have counted. */
const counted = (sections: number) => ({ count }: Readonly<Record<string, Int32Array>>, rounds: number) => {
  const expected = sections * rounds;
  const is = count?.[0] ?? 0;
  return is === expected ? null : { message: `The counter that the lock protects is ${is} after ${expected} additions of 1`, hint: 'one-at-a-time' };
};

/** True where the call threw, as it has to. */
function throws(call: () => void): boolean {
  try {
    call();
    return false;
  } catch {
    return true;
  }
}

export default threads<Mutex>({
  two: { memory, calls: CALLS, threads: { A: section, B: section }, end: counted(2) },
  visited: { memory, calls: CALLS, threads: { A: section, B: section, V: visitor }, end: counted(2) },
  three: { memory, calls: CALLS, threads: { A: section, B: section, C: section }, end: counted(3) },
  again: { memory, calls: CALLS, threads: { A: twice, B: twice }, end: counted(4) },
  four: { memory, calls: CALLS, threads: { A: section, B: section, C: section, D: section }, end: counted(4) },
  stranger: {
    memory,
    calls: CALLS,
    threads: {
      A: section,
      B: (t) => {
        if (!throws(() => t.learner.unlock(t.memory.lock as Int32Array, t.number))) t.fail('B called unlock() without holding the lock, and nothing was thrown', 'owner-only');
      },
    },
    end: counted(1),
  },
  nested: {
    memory,
    calls: CALLS,
    threads: {
      A: (t) => {
        const { lock } = t.memory as { lock: Int32Array };
        t.learner.lock(lock, t.number);
        if (!throws(() => t.learner.lock(lock, t.number))) t.fail('A called lock() while it held the lock, and nothing was thrown', 'no-re-entry');
        t.learner.unlock(lock, t.number);
      },
      B: section,
    },
    end: counted(1),
  },
});
