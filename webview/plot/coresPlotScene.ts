import type { Cores, CoreThread, Span } from '../diagram/cores.ts';
import { shortened } from '../diagram/coresScene.ts';
import { lifeOf } from '../diagram/coresWords.ts';
import { line, text, textWidth, type Mark, type Scene, type Shape } from '../diagram/scene.ts';
import { formatNumber, formatTime, plural } from '../format.ts';
import { timeAxis } from './timeAxis.ts';
import type { TimeScale } from './timeScale.ts';

export interface CoresPlotOptions {
  readonly width: number;
  readonly scale: TimeScale;
  /** The most that are ever ready; the same for plots that stand side by side. */
  readonly longestQueue: number;
}

const TITLE = 24;
const CORE_ROW = 20;
const QUEUE = 44;
const ROW = 15;
const AXIS = 38;
/** Threads that have a row of their own. */
const MOST_ROWS = 24;
const MOST_GUTTER = 84;
/** What lies nearer together than this is drawn as one. */
const MERGE_PX = 0.7;
/** A turn on a core that is narrower than this is not drawn by itself. */
const LEAST_TURN = 5;

/** Left edge of the plot: room for the threads' names. */
export function gutterOf(sides: readonly Cores[]): number {
  const names = sides.flatMap(({ threads }) => threads.map(({ name }) => textWidth(name)));
  return Math.min(MOST_GUTTER, Math.max(textWidth('core 0'), ...names) + 8);
}

/** Who ran when: each core with its threads, how many were ready, and each thread as a row. */
export function coresPlotScene(cores: Cores, { width, scale, longestQueue }: CoresPlotOptions): Scene {
  const shown = cores.threads.slice(0, MOST_ROWS);
  const left = cores.threads.length - shown.length;
  const queueTop = TITLE + cores.cores * CORE_ROW + TITLE;
  const rowsTop = queueTop + QUEUE + TITLE;
  const bottom = rowsTop + shown.length * ROW;
  const title = left > 0 ? `${formatNumber(shown.length)} of ${formatNumber(cores.threads.length)} threads` : 'each thread';
  const shapes: Shape[] = [
    ...scale.gaps.map((gap): Shape => ({ kind: 'rect', role: 'gap', x: gap.from, y: TITLE, width: gap.to - gap.from, height: bottom - TITLE })),
    text('text', 0, 16, 'who has the core'),
    text('text', 0, queueTop - 8, 'run queue: how many are ready'),
    ...queueShapes(cores, scale, queueTop, longestQueue),
    text('text', 0, rowsTop - 8, title),
    ...shown.map(({ name }, i) => text('text', 0, rowsTop + i * ROW + 11, shortened(name, scale.left - 8))),
    ...Array.from({ length: cores.cores }, (_, core) => text('text', 0, TITLE + core * CORE_ROW + 14, `core ${core}`)),
    line('axis', [scale.left, bottom], [scale.right, bottom]),
    ...timeAxis(scale, bottom),
  ];
  const marks = [...Array.from({ length: cores.cores }, (_, core) => coreMark(cores, core, scale)), ...shown.map((thread, i) => threadMark(thread, scale, rowsTop + i * ROW))];
  return { width, height: bottom + AXIS, name: `Who had a core when, how many were ready, and ${title} as a row.`, shapes, marks };
}

function coreMark({ threads, durationNs }: Cores, core: number, scale: TimeScale): Mark {
  const spans = threads
    .flatMap((thread) => thread.spans.filter((span) => span.core === core).map((span) => ({ thread, span })))
    .sort((a, b) => a.span.fromNs - b.span.fromNs);
  const busy = spans.reduce((sum, { span }) => sum + span.toNs - span.fromNs, 0);
  const shapes: Shape[] = [line('axis', [0, CORE_ROW - 2], [scale.right - scale.left, CORE_ROW - 2])];
  for (const { name, x, width } of turns(spans, scale)) {
    shapes.push({ kind: 'rect', role: 'bytes-flying', x, y: 0, width, height: CORE_ROW - 3 });
    if (name !== null && textWidth(name) + 6 <= width) shapes.push(text('text', x + width / 2, 12, name, 'middle'));
  }
  return { id: `core-${core}`, x: scale.left, y: TITLE + core * CORE_ROW, name: `Core ${core} ran these threads for ${formatTime(busy)} of ${formatTime(durationNs)}, in ${plural(spans.length, 'piece')}.`, shapes };
}

/** A core's threads in turn; where turns are too short to be told apart, the core is one busy stretch. */
function turns(spans: readonly { readonly thread: CoreThread; readonly span: Span }[], scale: TimeScale): { name: string | null; x: number; width: number }[] {
  const drawn: { name: string | null; x: number; width: number }[] = [];
  for (const { thread, span } of spans) {
    const { x, width } = extent(span, scale);
    const last = drawn.at(-1);
    const near = last && x - last.x - last.width < MERGE_PX;
    if (near && (last.name === thread.name || Math.min(width, last.width) < LEAST_TURN)) {
      if (last.name !== thread.name) last.name = null;
      last.width = x + width - last.x;
    } else {
      drawn.push({ name: thread.name, x, width });
    }
  }
  return drawn;
}

/** Solid while it runs, hatched while it is ready, a thin line while it sleeps. */
function threadMark(thread: CoreThread, scale: TimeScale, y: number): Mark {
  const shapes: Shape[] = [];
  for (const { state, x, width } of merged(thread.spans, scale)) {
    if (state === 'asleep') shapes.push(line('axis', [x, ROW / 2], [x + width, ROW / 2]));
    else shapes.push({ kind: 'rect', role: state === 'running' ? 'bytes-flying' : 'bytes-waiting', x, y: 2, width, height: ROW - 4 });
  }
  return { id: `row-${thread.name}`, x: scale.left, y, name: lifeOf(thread), shapes };
}

/** Spans in px, those too narrow to be seen taken into the one before them. */
function merged(spans: readonly Span[], scale: TimeScale): { state: Span['state']; x: number; width: number }[] {
  const drawn: { state: Span['state']; x: number; width: number }[] = [];
  for (const span of spans) {
    const { x, width } = extent(span, scale);
    const last = drawn.at(-1);
    if (last && (width < MERGE_PX || last.state === span.state)) last.width = Math.max(last.width, x + width - last.x);
    else drawn.push({ state: span.state, x, width });
  }
  return drawn;
}

function extent({ fromNs, toNs }: Span, scale: TimeScale): { x: number; width: number } {
  const x = scale.xOfTime(fromNs);
  return { x: x - scale.left, width: scale.xOfTime(toNs) - x };
}

function queueShapes({ queue, measured }: Cores, scale: TimeScale, top: number, most: number): Shape[] {
  const bottom = top + QUEUE;
  const y = (length: number): number => bottom - (length / Math.max(1, most)) * (QUEUE - 6);
  const points: [number, number][] = [[scale.left, bottom]];
  for (const [timeNs, length] of queue) {
    const x = scale.xOfTime(timeNs);
    const [lastX, lastY] = points.at(-1) as [number, number];
    if (x - lastX < MERGE_PX && points.length > 2) points.pop();
    else points.push([x, lastY]);
    points.push([x, y(length)]);
  }
  points.push([scale.right, (points.at(-1) as [number, number])[1]]);
  const shapes: Shape[] = [
    { kind: 'path', role: measured ? 'measured-area' : 'simulated-area', closed: true, points: [...points, [scale.right, bottom], [scale.left, bottom]] },
    { kind: 'path', role: measured ? 'measured-line' : 'simulated-line', points },
    line('axis', [scale.left, bottom], [scale.right, bottom]),
    text('text-quiet', scale.left - 6, bottom + 1, '0', 'end'),
  ];
  if (most > 0) shapes.push(text('text-quiet', scale.left - 6, y(most) + 8, formatNumber(most), 'end'));
  return shapes;
}
