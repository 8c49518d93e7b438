const ROUND_ITERATIONS = 2_000_000;
const ROUNDS = 15;
/** Until the engine has compiled it. */
const WARM_UP_ITERATIONS = 5_000_000;

/**
 * Computes: `iterations` rounds of a linear congruential generator, which need a core and nothing else. How many of them are a
 * millisecond of CPU time here, `calibrateBusyLoop` says. A process that never called it pays a few milliseconds once for its being compiled.
 */
export function busyLoop(iterations: number): number {
  let x = 1;
  for (let i = 0; i < iterations; i++) x = (Math.imul(x, 1_664_525) + 1_013_904_223) | 0;
  return x;
}

/**
 * Iterations of `busyLoop` that take a millisecond of CPU time on this machine: the median of 15 rounds. It counts CPU time and not the
 * clock's, so that other work on the machine does not blur it. Takes some 50 ms.
 */
export function calibrateBusyLoop(): number {
  busyLoop(WARM_UP_ITERATIONS);
  const perMs = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage();
    busyLoop(ROUND_ITERATIONS);
    const { user, system } = process.cpuUsage(before);
    return ROUND_ITERATIONS / Math.max(0.001, (user + system) / 1000);
  });
  return perMs.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] as number;
}
