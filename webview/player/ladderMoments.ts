import { rowsUntil, type Trace } from '../../src/shared/trace.ts';
import type { Moment } from './timeline.ts';

/** What a reader of one ladder, or of two that share a clock, steps by: the start, and a moment for each rung of each. */
export function ladderMoments(sides: readonly { readonly trace: Trace; readonly ladder: { readonly rungs: readonly { readonly timeNs: number; readonly row: number }[] } }[]): Moment[] {
  const moments: Moment[] = [{ timeNs: 0, rows: sides.map(() => 0) }];
  sides.forEach(({ ladder }, which) => {
    for (const { timeNs, row } of ladder.rungs) moments.push({ timeNs, rows: sides.map(({ trace }, index) => (index === which ? row : rowsUntil(trace, timeNs))) });
  });
  return moments.sort((a, b) => a.timeNs - b.timeNs || total(a) - total(b));
}

function total({ rows }: Moment): number {
  return rows.reduce((sum, count) => sum + count, 0);
}
