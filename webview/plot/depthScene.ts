import { TCP_KIND, type SynDropReason } from '../../src/shared/tcpTrace.ts';
import type { Trace } from '../../src/shared/trace.ts';
import type { Limits } from '../diagram/limits.ts';
import { line, text, textWidth, type Mark, type Scene, type Shape } from '../diagram/scene.ts';
import { formatNumber, formatTime } from '../format.ts';
import type { Axis } from '../player/playback.ts';
import type { Moment } from '../player/timeline.ts';
import { differenceStrip, STRIP_HEIGHT } from './differences.ts';
import { dropMarks } from './drops.ts';
import { queueSeries, type Series } from './series.ts';
import { timeAxis } from './timeAxis.ts';
import { timeScale, type TimeScale } from './timeScale.ts';

export interface DepthOptions {
  readonly width: number;
  readonly limits: Limits;
  readonly moments: readonly Moment[];
  readonly axis: Axis;
}

/** A picture over time, and where a time is in it. */
export interface TimePicture {
  readonly scene: Scene;
  readonly scale: TimeScale;
}

interface Lane {
  readonly kind: string;
  readonly title: string;
  /** The reasons for which who comes to this queue is turned away. */
  readonly drops: readonly SynDropReason[];
  readonly capacity: number | null;
  readonly height: number;
}

const GUTTER = 30;
const TITLE = 28;
/** Above the highest value, for what was turned away. */
const HEADROOM = 18;
const AXIS = 38;

/** Length of both queues over time: one simulated trace, or a predicted one with a measured one over it and a strip of their differences. */
export function depthScene(traces: readonly [Trace, Trace?], options: DepthOptions): TimePicture {
  const [first, measured] = traces;
  const { width, limits, moments, axis } = options;
  const scale = timeScale(moments, axis, GUTTER, width - 8);
  const lanes: Lane[] = [
    { kind: TCP_KIND.acceptQueue, title: 'accept queue', drops: ['accept-queue-full'], capacity: limits.acceptQueue, height: 92 },
    { kind: TCP_KIND.synQueue, title: 'SYN queue', drops: ['syn-queue-full', 'lost'], capacity: limits.synQueue, height: 58 },
  ];
  const shapes: Shape[] = [];
  const marks: Mark[] = [];
  let top = 0;
  for (const lane of lanes) {
    const firstSeries = queueSeries(first, moments, 0, lane.kind);
    const measuredSeries = measured?.kinds.includes(lane.kind) ? queueSeries(measured, moments, 1, lane.kind) : null;
    const highest = Math.max(1, lane.capacity ?? 0, firstSeries.maximum, measuredSeries?.maximum ?? 0);
    const bottom = top + TITLE + lane.height;
    const y = (value: number): number => bottom - (value / highest) * (lane.height - HEADROOM);
    shapes.push(...frameOf(lane, top, bottom, scale, y, highest, !measured || measuredSeries !== null));
    if (measured) {
      if (measuredSeries) shapes.push(...measuredShapes(measuredSeries, scale, y, bottom, scale.xOfTime(measured.durationNs)));
      shapes.push({ kind: 'path', role: 'predicted-line', points: stairs(firstSeries, scale, y) });
    } else {
      shapes.push({ kind: 'path', role: 'simulated-area', closed: true, points: [[scale.left, bottom], ...stairs(firstSeries, scale, y), [scale.right, bottom]] });
      shapes.push({ kind: 'path', role: 'simulated-line', points: stairs(firstSeries, scale, y) });
    }
    marks.push(...dropMarks(first, moments, lane.drops, scale, top + TITLE + 4));
    if (measured && measuredSeries) {
      marks.push(...sampleMarks(lane, firstSeries, measuredSeries, moments, scale, y));
      if (lane.kind === TCP_KIND.acceptQueue) shapes.push(...differenceStrip(firstSeries, measuredSeries, scale, bottom));
    }
    top = bottom + (measured && measuredSeries && lane.kind === TCP_KIND.acceptQueue ? STRIP_HEIGHT : 0);
  }
  shapes.push(...timeAxis(scale, top, '+'));
  const name = `Length of the accept queue and the SYN queue over time${measured ? ', predicted and measured' : ''}.`;
  return { scene: { width, height: top + AXIS, name, shapes, marks }, scale };
}

function frameOf(lane: Lane, top: number, bottom: number, scale: TimeScale, y: (value: number) => number, highest: number, seen: boolean): Shape[] {
  const title = seen ? lane.title : `${lane.title} (not measured here)`;
  const shapes: Shape[] = [text('text', 0, top + 20, title), line('axis', [scale.left, bottom], [scale.right, bottom]), text('text-quiet', GUTTER - 6, bottom + 1, '0', 'end')];
  for (const gap of scale.gaps) shapes.push({ kind: 'rect', role: 'gap', x: gap.from, y: top + TITLE, width: gap.to - gap.from, height: bottom - top - TITLE });
  if (lane.capacity === null) return [...shapes, text('text-quiet', GUTTER - 6, y(highest) + 4, formatNumber(highest), 'end')];
  const label = `holds ${formatNumber(lane.capacity)} = backlog + 1`;
  return [...shapes, line('cap', [scale.left, y(lane.capacity)], [scale.right, y(lane.capacity)]), text('text-quiet', GUTTER - 6, y(lane.capacity) + 4, formatNumber(lane.capacity), 'end'), ...(textWidth(title) + textWidth(label) + 12 < scale.right ? [text('text-quiet', scale.right, top + 20, label, 'end')] : [])];
}

/** A stair line with at most a few points a pixel. */
function stairs(series: Series, scale: TimeScale, y: (value: number) => number, from = scale.left, to = scale.right): [number, number][] {
  const points: [number, number][] = [[from, y(0)]];
  let drawn = 0;
  series.values.forEach((value, moment) => {
    if (value === drawn) return;
    const x = scale.x(moment);
    const [lastX, lastY] = points.at(-1) as [number, number];
    if (x - lastX > 0.25) points.push([x, lastY]);
    else if (points.length > 1200) points.pop();
    points.push([x, y(value)]);
    drawn = value;
  });
  const [, endY] = points.at(-1) as [number, number];
  return [...points, [to, endY]];
}

/** Dots are what was read; the line holds the last reading, from the first one to the measurement's end. */
function measuredShapes(series: Series, scale: TimeScale, y: (value: number) => number, bottom: number, to: number): Shape[] {
  const from = scale.x(series.said[0] ?? 0);
  const points = stairs(series, scale, y, from, to);
  return [
    { kind: 'path', role: 'measured-area', closed: true, points: [[from, bottom], ...points, [to, bottom]] },
    { kind: 'path', role: 'measured-line', points },
  ];
}

function sampleMarks(lane: Lane, predicted: Series, measured: Series, moments: readonly Moment[], scale: TimeScale, y: (value: number) => number): Mark[] {
  const marks: Mark[] = [];
  let lastX = -Infinity;
  for (const moment of measured.said) {
    const x = scale.x(moment);
    if (x - lastX < 6) continue;
    lastX = x;
    const value = measured.values[moment] as number;
    const name = `${lane.title} at ${formatTime((moments[moment] as Moment).timeNs)}: measured ${formatNumber(value)}, predicted ${formatNumber(predicted.values[moment] as number)}.`;
    marks.push({ id: `sample-${lane.kind}-${moment}`, x, y: y(value), name, shapes: [{ kind: 'circle', role: 'measured-dot', x: 0, y: 0, radius: 3 }] });
  }
  return marks;
}
