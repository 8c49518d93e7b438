/** A time on a core without a break, in nanoseconds since all threads of the run became ready. */
export interface OnCore {
  readonly fromNs: number;
  readonly toNs: number;
}

/**
 * A clock that goes only as fast as the cores were ours. While `k` of our threads have work left, `min(k, cores)` could run; if
 * fewer did, others had the rest, and the clock goes slower by that share. So a run on a busy machine and one on an idle
 * machine tell the same of who ran before whom.
 * @param threads the slices of each, in order
 * @returns the clock's reading at a time since the start, both in nanoseconds
 */
export function coreClock(threads: readonly (readonly OnCore[])[], cores: number): (atNs: number) => number {
  const changes = threads.flatMap((slices) => [
    { atNs: endOf(slices), running: 0, left: -1 },
    ...slices.flatMap(({ fromNs, toNs }) => [{ atNs: fromNs, running: 1, left: 0 }, { atNs: toNs, running: -1, left: 0 }]),
  ]);
  let at = { atNs: 0, reading: 0, rate: 0 };
  const points = [at];
  let running = 0;
  let left = threads.length;
  for (const change of changes.sort((a, b) => a.atNs - b.atNs)) {
    running += change.running;
    left += change.left;
    const could = Math.min(left, cores);
    const rate = could > 0 ? Math.min(1, running / could) : 1;
    at = { atNs: change.atNs, reading: at.reading + (change.atNs - at.atNs) * at.rate, rate };
    points.push(at);
  }
  return (atNs) => {
    const last = points.findLast((point) => point.atNs <= atNs) ?? { atNs: 0, reading: 0, rate: 0 };
    return last.reading + (atNs - last.atNs) * last.rate;
  };
}

/** When the last of a thread's slices ended. */
export function endOf(slices: readonly OnCore[]): number {
  return slices.at(-1)?.toNs ?? 0;
}
