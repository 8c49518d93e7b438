import { TCP_KIND } from '../../src/shared/tcpTrace.ts';
import { rowsUntil, type Trace } from '../../src/shared/trace.ts';
import type { Axis, Playback } from './playback.ts';

/** A moment that can be stepped to: how many rows of each trace have happened by then. */
export interface Moment {
  readonly timeNs: number;
  readonly rows: readonly number[];
}

/** What a reader steps by; the rows after it that came with it (queue lengths, timers) belong to it. */
export const BEATS: ReadonlySet<string> = new Set([
  TCP_KIND.segment,
  TCP_KIND.synDropped,
  TCP_KIND.connected,
  TCP_KIND.connectFailed,
  TCP_KIND.accepted,
]);

/**
 * The moments of one trace, or of several that share a clock: the start, every event with what came with it, the end.
 * Events at one time stay apart within a trace.
 */
export function momentsOf(traces: readonly Trace[]): Moment[] {
  const moments: Moment[] = [{ timeNs: 0, rows: traces.map(() => 0) }];
  traces.forEach((trace, which) => {
    for (const row of beatEnds(trace)) {
      const timeNs = trace.timeNs[row - 1] as number;
      moments.push({ timeNs, rows: traces.map((other, index) => (index === which ? row : rowsUntil(other, timeNs))) });
    }
  });
  if (traces.length > 1) moments.sort((a, b) => a.timeNs - b.timeNs || total(a) - total(b));
  const durationNs = Math.max(...traces.map((trace) => trace.durationNs));
  if (durationNs > (moments.at(-1) as Moment).timeNs) moments.push({ timeNs: durationNs, rows: traces.map((trace) => trace.timeNs.length) });
  return moments;
}

function total(moment: Moment): number {
  return moment.rows.reduce((sum, rows) => sum + rows, 0);
}

/** Row counts at which a step ends. */
function beatEnds(trace: Trace): number[] {
  const beats = trace.kinds.map((kind) => BEATS.has(kind));
  const acceptQueue = trace.kinds.indexOf(TCP_KIND.acceptQueue);
  const accepted = trace.kinds.indexOf(TCP_KIND.accepted);
  // The queue is shorter just before accept() returns: one step.
  const shortens = (row: number): boolean => trace.kind[row] === acceptQueue && trace.kind[row + 1] === accepted && trace.timeNs[row + 1] === trace.timeNs[row];
  const begins = (row: number): boolean => shortens(row) || (beats[trace.kind[row] as number] === true && !shortens(row - 1));
  const ends: number[] = [];
  for (let row = 0; row < trace.timeNs.length; row++) {
    const next = row + 1;
    const joined = next < trace.timeNs.length && trace.timeNs[next] === trace.timeNs[row] && !begins(next);
    if (!joined) ends.push(next);
  }
  return ends;
}

/** The index of the last moment at or before a time. */
export function momentAt(moments: readonly Moment[], timeNs: number): number {
  let low = 0;
  let high = moments.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((moments[middle] as Moment).timeNs <= timeNs) low = middle;
    else high = middle;
  }
  return low;
}

/** The playback's time in nanoseconds, between its moment and the next. */
export function timeOf(moments: readonly Moment[], { moment, fraction }: Playback): number {
  const from = (moments[moment] as Moment).timeNs;
  const to = moments[moment + 1]?.timeNs ?? from;
  return from + fraction * (to - from);
}

/** Puts a playback at a position of its axis: a moment's index with a fraction, or a time. */
export function seek(moments: readonly Moment[], playback: Playback, position: number, axis: Axis = playback.axis): Playback {
  const last = moments.length - 1;
  if (axis === 'events') {
    const at = Math.max(0, Math.min(last, position));
    const moment = Math.floor(at);
    const moved = { ...playback, moment, fraction: at - moment };
    return { ...moved, timeNs: timeOf(moments, moved) };
  }
  const timeNs = Math.max(0, Math.min((moments[last] as Moment).timeNs, position));
  const moment = momentAt(moments, timeNs);
  const span = (moments[moment + 1]?.timeNs ?? timeNs) - (moments[moment] as Moment).timeNs;
  return { ...playback, moment, timeNs, fraction: span > 0 ? (timeNs - (moments[moment] as Moment).timeNs) / span : 0 };
}

/** Where a playback stands on its axis. */
export function positionOf(playback: Playback): number {
  return playback.axis === 'events' ? playback.moment + playback.fraction : playback.timeNs;
}

/** One step by event, forwards or back; from between two moments, back goes to the one before. */
export function step(moments: readonly Moment[], playback: Playback, by: 1 | -1): Playback {
  const to = by === 1 ? playback.moment + 1 : playback.fraction > 0 ? playback.moment : playback.moment - 1;
  return seek(moments, playback, to, 'events');
}

/** A playback that fits other moments: the same time, since a moved slider makes another trace. */
export function refit(moments: readonly Moment[], playback: Playback): Playback {
  const from = moments[playback.moment]?.timeNs;
  const fits = from !== undefined && Math.abs(timeOf(moments, playback) - playback.timeNs) < 1;
  return fits ? playback : seek(moments, playback, playback.timeNs, 'time');
}
