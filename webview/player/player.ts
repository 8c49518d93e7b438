import { rowsUntil, type Trace } from '../../src/shared/trace.ts';
import { Fold } from './fold.ts';
import type { Frame } from './frame.ts';

/** Any moment of a trace as a frame, fast: the nearest checkpoint before it, and the rows since. */
export interface Player {
  readonly trace: Trace;
  /** The frame when `row` rows have happened, at `timeNs` (brought between the last of them and the next). */
  at(row: number, timeNs?: number): Frame;
  /** The frame at a time, with all that happened up to it. */
  atTime(timeNs: number): Frame;
}

/** Rows between checkpoints: a seek folds at most this many. */
const SPACING = 1024;

/** `ids`: the connections to tell of, where another trace knows of more. */
export function createPlayer(trace: Trace, ids?: readonly string[]): Player {
  const checkpoints: Fold[] = [];
  const fold = new Fold(trace, ids);
  for (let row = 0; row <= trace.timeNs.length; row++) {
    if (row % SPACING === 0) checkpoints.push(fold.clone());
    if (row < trace.timeNs.length) fold.advance();
  }

  const at = (wanted: number, timeNs?: number): Frame => {
    const row = Math.max(0, Math.min(trace.timeNs.length, Math.round(wanted)));
    const near = (checkpoints[Math.floor(row / SPACING)] as Fold).clone();
    while (near.row < row) near.advance();
    const earliest = trace.timeNs[row - 1] ?? 0;
    const latest = trace.timeNs[row] ?? trace.durationNs;
    return near.frame(Math.max(earliest, Math.min(latest, timeNs ?? earliest)));
  };
  return { trace, at, atTime: (timeNs) => at(rowsUntil(trace, timeNs), timeNs) };
}
