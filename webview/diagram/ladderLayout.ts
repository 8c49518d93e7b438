import type { Axis } from '../player/playback.ts';
import type { Ladder } from './ladder.ts';

/** Where each rung of the part in view lies. */
export interface LadderLayout {
  /** First rung in view, and the one behind the last. */
  readonly first: number;
  readonly end: number;
  /** Top of a rung; of one that is out of view, an edge of the view. */
  readonly y: (rung: number) => number;
  /** Gaps in the rank axis: y of the gap, and the time that it stands for. */
  readonly gaps: readonly { readonly y: number; readonly spanNs: number; readonly before: number }[];
  /** Where the lifelines end. */
  readonly bottom: number;
  /** Pixels that a segment falls on its way. */
  readonly slope: (spanNs: number) => number;
}

export const TOP = 34;
const VIEW_PX = 420;
const RUNG_PX = 27;
export const GAP_PX = 40;
const RANK_SLOPE_PX = 13;
/** From this on, a wait is a gap in the rank axis. */
export const GAP_NS = 4e6;
/** How much of the view lies before the rung that is now. */
const BEFORE = 0.6;
/** What the view spans where time is to scale. */
const TIME_SPAN_NS = 60e6;

/** Lays rungs out by rank, with gaps marked, or by time to scale; the view moves with `now`, the count of rungs that have happened. */
export function layoutOf({ rungs }: Ladder, axis: Axis, now: number, timeNs: number): LadderLayout {
  return axis === 'time' ? byTime(rungs.map((rung) => rung.timeNs), timeNs) : byRank(rungs.map((rung) => rung.timeNs), now);
}

function byRank(times: readonly number[], now: number): LadderLayout {
  const heightOf = (index: number): number => RUNG_PX + (gapBefore(times, index) > 0 ? GAP_PX : 0);
  let first = Math.min(now, times.length);
  for (let room = VIEW_PX * BEFORE; first > 0 && room >= heightOf(first - 1); first--) room -= heightOf(first - 1);
  let end = first;
  let used = 0;
  while (end < times.length && used + heightOf(end) <= VIEW_PX) used += heightOf(end++);
  while (first > 0 && end === times.length && used + heightOf(first - 1) <= VIEW_PX) used += heightOf(--first);
  return ranked(times, first, end, TOP + VIEW_PX);
}

/** All rungs that have happened, by rank, however long that is: for a picture that nobody moves. */
export function wholeLayout({ rungs }: Ladder, now: number): LadderLayout {
  return ranked(rungs.map((rung) => rung.timeNs), 0, now);
}

function ranked(times: readonly number[], first: number, end: number, bottom?: number): LadderLayout {
  const tops: number[] = [];
  const gaps: { y: number; spanNs: number; before: number }[] = [];
  let y = TOP;
  for (let index = first; index < end; index++) {
    const spanNs = gapBefore(times, index);
    if (spanNs > 0) {
      gaps.push({ y, spanNs, before: index });
      y += GAP_PX;
    }
    tops.push(y + 6);
    y += RUNG_PX;
  }
  const place = (rung: number): number => (rung < first ? TOP - 6 : (tops[rung - first] ?? y));
  return { first, end, y: place, gaps, bottom: bottom ?? y, slope: () => RANK_SLOPE_PX };
}

/** The time that passes before a rung, where it is long enough for a gap. */
function gapBefore(times: readonly number[], index: number): number {
  const span = index > 0 ? (times[index] as number) - (times[index - 1] as number) : 0;
  return span >= GAP_NS ? span : 0;
}

function byTime(times: readonly number[], nowNs: number): LadderLayout {
  const fromNs = Math.max(0, nowNs - BEFORE * TIME_SPAN_NS);
  const pxPerNs = VIEW_PX / TIME_SPAN_NS;
  const first = times.findIndex((time) => time >= fromNs);
  const behind = times.findIndex((time) => time > fromNs + TIME_SPAN_NS);
  const y = (rung: number): number => TOP + Math.max(-6, Math.min(VIEW_PX, ((times[rung] ?? Infinity) - fromNs) * pxPerNs));
  return { first: first < 0 ? times.length : first, end: behind < 0 ? times.length : behind, y, gaps: [], bottom: TOP + VIEW_PX, slope: (spanNs) => spanNs * pxPerNs };
}
