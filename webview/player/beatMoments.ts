import { rowsUntil, type Trace } from '../../src/shared/trace.ts';
import type { Moment } from './timeline.ts';

/** Row counts of a trace after which there is something new to see. */
export interface Beats {
  readonly trace: Trace;
  readonly beats: readonly number[];
}

/** What a reader of one trace, or of several that share a clock, steps by: the start, a moment for each beat of each, the end. */
export function beatMoments(sides: readonly Beats[]): Moment[] {
  const moments: Moment[] = [{ timeNs: 0, rows: sides.map(() => 0) }];
  sides.forEach(({ trace, beats }, which) => {
    for (const rows of beats) {
      const timeNs = trace.timeNs[rows - 1] as number;
      moments.push({ timeNs, rows: sides.map((other, index) => (index === which ? rows : rowsUntil(other.trace, timeNs))) });
    }
  });
  moments.sort((a, b) => a.timeNs - b.timeNs || total(a) - total(b));
  const durationNs = Math.max(...sides.map(({ trace }) => trace.durationNs));
  if (durationNs > (moments.at(-1) as Moment).timeNs) moments.push({ timeNs: durationNs, rows: sides.map(({ trace }) => trace.timeNs.length) });
  return moments;
}

function total({ rows }: Moment): number {
  return rows.reduce((sum, count) => sum + count, 0);
}
