import type { HistoryPoint } from '../../src/shared/xray/view.ts';
import { formatBytes } from '../../src/shared/xray/units.ts';
import { line, text, textWidth, type Mark, type Point, type Scene, type Shape } from '../diagram/scene.ts';
import { formatNumber, plural } from '../format.ts';

const SPAN_MS = 60_000;
const LANE = 84;
const TITLE = 24;
const GAP = 24;
const TWO_COLUMNS = 640;

interface Curve {
  readonly id: string;
  readonly title: string;
  readonly value: (point: HistoryPoint) => number | null;
  readonly words: (value: number) => string;
}

const CURVES: readonly Curve[] = [
  { id: 'accept-queue', title: 'accept queues', value: ({ acceptQueue }) => acceptQueue, words: (value) => `${formatNumber(value)} waiting` },
  { id: 'connections', title: 'connections of clients', value: ({ connections }) => connections, words: (value) => `${formatNumber(value)} open` },
  { id: 'cpu', title: 'processor', value: ({ cpuShare }) => cpuShare, words: (value) => `${formatNumber(100 * value)} % of a core` },
  { id: 'memory', title: 'memory', value: ({ memoryBytes }) => memoryBytes, words: formatBytes },
];

/**
 * The last minute, small: a bar a sample, as wide as the time to the next one can be, and nothing between bars. The newest sample is at
 * the right edge, so a stopped X-ray stands still.
 */
export function curvesScene(history: readonly HistoryPoint[], intervalMs: number, width: number): Scene {
  const columns = width >= TWO_COLUMNS ? 2 : 1;
  const laneWidth = (width - GAP * (columns - 1)) / columns;
  const shapes: Shape[] = [];
  const marks: Mark[] = [];
  CURVES.forEach((curve, i) => {
    const [left, top] = [(i % columns) * (laneWidth + GAP), Math.floor(i / columns) * LANE];
    const drawn = laneOf(curve, history, intervalMs, laneWidth);
    shapes.push(line('axis', [left, top + LANE - 18], [left + laneWidth, top + LANE - 18]), text('text-quiet', left, top + LANE - 4, '60 s ago'), text('text-quiet', left + laneWidth, top + LANE - 4, 'last sample', 'end'));
    marks.push({ id: `curve-${curve.id}`, x: left, y: top, name: drawn.name, shapes: drawn.shapes });
  });
  const height = Math.ceil(CURVES.length / columns) * LANE;
  return { width, height, name: `The last 60 seconds in ${formatNumber(history.length)} samples.`, shapes, marks };
}

function laneOf({ title, value, words }: Curve, history: readonly HistoryPoint[], intervalMs: number, width: number): { readonly name: string; readonly shapes: readonly Shape[] } {
  const samples = history.map((point) => ({ at: point.takenAtMs, value: value(point) })).filter((sample): sample is { at: number; value: number } => sample.value !== null);
  const last = samples.at(-1);
  const endMs = history.at(-1)?.takenAtMs ?? 0;
  const most = Math.max(0, ...samples.map((sample) => sample.value));
  const now = last ? words(last.value) : 'no sample yet';
  const bottom = LANE - 18;
  const bar = Math.max(1, (width * intervalMs) / SPAN_MS);
  const points = samples.flatMap((sample): Point[] => {
    const right = Math.max(bar, width - ((endMs - sample.at) / SPAN_MS) * width);
    const y = bottom - (most === 0 ? 0 : (sample.value / most) * (bottom - TITLE));
    return [[right - bar, bottom], [right - bar, y], [right, y], [right, bottom]];
  });
  const heading = [text('text', 0, 16, title)];
  const right = last && most > last.value && textWidth(title) + textWidth(`${now}, most ${words(most)}`) + 16 < width ? `${now}, most ${words(most)}` : now;
  const shapes: Shape[] = [...(points.length > 0 ? [{ kind: 'path', role: 'sample', closed: true, points } as const] : []), ...heading, text('text-strong', width, 16, right, 'end')];
  return { name: `${title}: ${now}. Least ${words(samples.length > 0 ? Math.min(...samples.map((sample) => sample.value)) : 0)}, most ${words(most)}, of ${plural(samples.length, 'sample')} in the last 60 s.`, shapes };
}
