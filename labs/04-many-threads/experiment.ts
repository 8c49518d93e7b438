import { experiment, type ExperimentContext } from 'backend-labs/kit';

const RUNS = 5;
const TIMEOUT_MS = 20_000;
const THREADS = 2;

/** Two real threads that add to one number: in every interleaving of their steps, and then as fast as they go. */
export default experiment(async (lab) => {
  const adds = lab.values.adds ?? 500_000;
  lab.start();
  lab.progress('Two threads, step by step, in every order');
  await lab.exploreThreads('plain');

  const plain = await freely(lab, 'plain', adds);
  const atomic = await freely(lab, 'atomic', adds);
  const total = THREADS * adds;
  const lost = plain.filter((x) => x < total).length;
  const [lowest, highest] = [Math.min(...plain), Math.max(...plain)];
  lab.note(
    `As fast as they go, on ${lab.machine.cores} ${lab.machine.cores === 1 ? 'core' : 'cores'}: ${RUNS} runs of 2 × ${words(adds)} plain additions ended between ${words(lowest)} and ${words(highest)}, where ${words(total)} were made; ${lost} of ${RUNS} lost updates. Any number from 2 to ${words(total)} is possible: a measurement shows some of them, and proves no bound.`,
  );
  lab.note(`The same with Atomics.add: ${atomic.every((x) => x === total) ? `each run ended at ${words(total)}` : `they ended at ${atomic.map(words).join(', ')}`}.`);
}, { model: 'threads' });

/** What x came to in each of some free runs, which are recorded too. */
async function freely(lab: ExperimentContext, program: 'plain' | 'atomic', adds: number): Promise<number[]> {
  const ends: number[] = [];
  for (let run = 1; run <= RUNS; run++) {
    lab.progress(`Two threads, ${program === 'plain' ? 'plain' : 'atomic'} additions, run ${run} of ${RUNS}`, run / RUNS);
    const { x } = await lab.runThreads({ program, rounds: adds, timeoutMs: TIMEOUT_MS });
    const end = x?.[0] ?? 0;
    ends.push(end);
    lab.trace.add('free-run', 'program', end, { program, exact: end === THREADS * adds, possible: end >= Math.min(2, adds) && end <= THREADS * adds });
  }
  return ends;
}

function words(count: number): string {
  return count.toLocaleString('en-US');
}
