import { formatTime } from '../format.ts';
import type { Axis } from '../player/playback.ts';
import { momentAt, type Moment } from '../player/timeline.ts';

/** Time on a horizontal axis, to scale or event by event. */
export interface TimeScale {
  readonly left: number;
  readonly right: number;
  /** Where a moment is, `fraction` of the way to the next. */
  x(moment: number, fraction?: number): number;
  xOfTime(timeNs: number): number;
  /** The axis position (moment with fraction, or time) under a pixel. */
  positionAt(x: number): number;
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
  /** Waits drawn narrower than they are, and how long they are. */
  readonly gaps: readonly { readonly from: number; readonly to: number; readonly label: string }[];
}

/** Room for a gap's label. */
const GAP_PX = 54;
/** A wait of this share of the whole is marked as a gap. */
const GAP_SHARE = 0.04;

export function timeScale(moments: readonly Moment[], axis: Axis, left: number, right: number): TimeScale {
  return axis === 'time' ? linear(moments, left, right) : byEvent(moments, left, right);
}

function linear(moments: readonly Moment[], left: number, right: number): TimeScale {
  const durationNs = Math.max(1, (moments.at(-1) as Moment).timeNs);
  const xOfTime = (timeNs: number): number => left + ((right - left) * timeNs) / durationNs;
  const x = (moment: number, fraction = 0): number => {
    const from = (moments[moment] as Moment).timeNs;
    return xOfTime(from + fraction * ((moments[moment + 1]?.timeNs ?? from) - from));
  };
  const step = niceStep(durationNs / Math.max(1, Math.floor((right - left) / 80)));
  const ticks: { x: number; label: string }[] = [];
  for (let timeNs = 0; timeNs <= durationNs; timeNs += step) ticks.push({ x: xOfTime(timeNs), label: axisTime(timeNs, durationNs) });
  return { left, right, x, xOfTime, positionAt: (px) => ((px - left) / (right - left)) * durationNs, ticks, gaps: [] };
}

function byEvent(moments: readonly Moment[], left: number, right: number): TimeScale {
  const last = moments.length - 1;
  const durationNs = (moments[last] as Moment).timeNs;
  const waits = Array.from({ length: last }, (_, i) => (moments[i + 1] as Moment).timeNs - (moments[i] as Moment).timeNs);
  const most = Math.floor(((right - left) * 0.6) / GAP_PX);
  const long = waits
    .map((wait, i) => ({ wait, i }))
    .filter(({ wait }) => wait >= durationNs * GAP_SHARE)
    .sort((a, b) => b.wait - a.wait)
    .slice(0, most);
  const isLong = new Set(long.map(({ i }) => i));
  const unit = last > isLong.size ? (right - left - GAP_PX * isLong.size) / (last - isLong.size) : 0;
  const gapWidth = last > isLong.size ? GAP_PX : (right - left) / Math.max(1, last);
  const xs = new Float64Array(moments.length);
  xs[0] = left;
  for (let i = 0; i < last; i++) xs[i + 1] = (xs[i] as number) + (isLong.has(i) ? gapWidth : unit);

  const x = (moment: number, fraction = 0): number => {
    const from = xs[moment] as number;
    return from + fraction * ((xs[moment + 1] ?? from) - from);
  };
  const xOfTime = (timeNs: number): number => {
    const moment = momentAt(moments, timeNs);
    const from = (moments[moment] as Moment).timeNs;
    const span = (moments[moment + 1]?.timeNs ?? from) - from;
    return x(moment, span > 0 ? Math.min(1, (timeNs - from) / span) : 0);
  };
  const positionAt = (px: number): number => {
    let moment = 0;
    let high = moments.length;
    while (high - moment > 1) {
      const middle = (moment + high) >> 1;
      if ((xs[middle] as number) <= px) moment = middle;
      else high = middle;
    }
    const span = (xs[moment + 1] ?? px) - (xs[moment] as number);
    return moment + (span > 0 ? Math.max(0, (px - (xs[moment] as number)) / span) : 0);
  };
  const inOrder = [...isLong].sort((a, b) => a - b);
  const gaps = inOrder.map((i) => ({ from: xs[i] as number, to: xs[i + 1] as number, label: formatTime(waits[i] as number) }));
  const ticks = [0, ...inOrder.map((i) => i + 1), last].map((i) => ({ x: xs[i] as number, label: formatTime((moments[i] as Moment).timeNs) }));
  return { left, right, x, xOfTime, positionAt, ticks, gaps };
}

/** 1, 2 or 5 times a power of ten, not below `wanted`. */
export function niceStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(wanted, 1e-9)));
  return power * ([1, 2, 5].find((factor) => factor * power >= wanted) ?? 10);
}

/** One unit an axis. */
function axisTime(timeNs: number, durationNs: number): string {
  const [per, unit] = durationNs >= 2e9 ? [1e9, 's'] : durationNs >= 2e6 ? [1e6, 'ms'] : [1e3, 'µs'];
  return `${Number((timeNs / per).toPrecision(6)).toLocaleString('en-US')} ${unit}`;
}
