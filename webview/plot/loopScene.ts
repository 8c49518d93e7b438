import type { EventLoop, LoopRequest, Turn } from '../diagram/eventLoop.ts';
import { lifeOf, nameOf } from '../diagram/eventLoopWords.ts';
import { line, text, textWidth, type Mark, type Scene, type Shape } from '../diagram/scene.ts';
import { formatNumber, formatTime } from '../format.ts';
import { timeAxis } from './timeAxis.ts';
import type { TimeScale } from './timeScale.ts';

export interface LoopPlotOptions {
  readonly width: number;
  /** To scale. */
  readonly scale: TimeScale;
  /** The most that wait at once; the same for plots that stand side by side. */
  readonly mostWaiting: number;
}

export const LOOP_GUTTER = 34;
const TITLE = 24;
const LANE = 28;
const WAITING = 56;
const AXIS = 38;
/** Room for the rows of the single requests, and the least and most that one may have. */
const ROWS = 192;
const LEAST_ROW = 4;
const MOST_ROW = 12;

/** What the loop ran when, how many waited, and each request from its arrival to its answer. */
export function loopScene(loop: EventLoop, { width, scale, mostWaiting }: LoopPlotOptions): Scene {
  const laneTop = TITLE;
  const waitingTop = laneTop + LANE + TITLE;
  const rowsTop = waitingTop + WAITING + TITLE;
  const every = Math.max(1, Math.ceil((loop.requests.length * LEAST_ROW) / ROWS));
  const shown = loop.requests.filter((_, i) => i % every === 0);
  const pitch = Math.min(MOST_ROW, ROWS / Math.max(1, shown.length));
  const bottom = rowsTop + pitch * shown.length;
  const title = every === 1 ? 'each request, first to last' : `every ${ordinal(every)} request, first to last`;
  const shapes: Shape[] = [
    text('text', 0, 16, 'what the loop ran'),
    line('axis', [scale.left, laneTop + LANE], [scale.right, laneTop + LANE]),
    text('text', 0, waitingTop - 8, 'how many waited for it'),
    ...waitingShapes(loop, scale, waitingTop, mostWaiting),
    text('text', 0, rowsTop - 8, title),
    line('axis', [scale.left, bottom], [scale.right, bottom]),
    ...timeAxis(scale, bottom),
  ];
  const marks = [...loop.holds.map((hold) => holdMark(hold, scale, laneTop)), ...loop.turns.map((turn) => turnMark(turn, scale, laneTop)), ...shown.map((request, i) => lifeMark(request, loop, scale, rowsTop + i * pitch, pitch))];
  return { width, height: bottom + AXIS, name: `What the loop ran over time, how many waited, and ${title}.`, shapes, marks };
}

function turnMark({ request, part, from, until }: Turn, scale: TimeScale, top: number): Mark {
  const [left, right] = [scale.xOfTime(from.timeNs), scale.xOfTime(until.timeNs)];
  const height = request.classIndex === 0 ? LANE - 10 : LANE;
  const shapes: Shape[] = [{ kind: 'rect', role: 'bytes-flying', x: 0, y: LANE - height, width: Math.max(1, right - left), height }];
  const words = [`${nameOf(request)}: ${formatTime(until.timeNs - from.timeNs)}`, nameOf(request)].find((label) => textWidth(label) + 8 <= right - left);
  if (words !== undefined) shapes.push(text('text', (right - left) / 2, LANE - height / 2 + 4, words, 'middle'));
  return { id: `turn-${part}-${request.index}`, x: left, y: top, name: `${formatTime(from.timeNs)}: the loop ran ${nameOf(request)}${part === 'resume' ? ' after its I/O' : ''} for ${formatTime(until.timeNs - from.timeNs)}.`, shapes };
}

/** The thread stands still with a request. */
function holdMark({ request, fromNs, untilNs }: EventLoop['holds'][number], scale: TimeScale, top: number): Mark {
  const [left, right] = [scale.xOfTime(fromNs), scale.xOfTime(untilNs)];
  const shapes: Shape[] = [{ kind: 'rect', role: 'bytes-waiting', x: 0, y: 10, width: Math.max(1, right - left), height: LANE - 10 }];
  return { id: `hold-${request.index}`, x: left, y: top, name: `${formatTime(fromNs)}: the thread waited with ${nameOf(request)} for its I/O, ${formatTime(untilNs - fromNs)}, and served nobody.`, shapes };
}

function waitingShapes({ waiting, measured }: EventLoop, scale: TimeScale, top: number, most: number): Shape[] {
  const bottom = top + WAITING;
  const y = (count: number): number => bottom - (count / Math.max(1, most)) * (WAITING - 6);
  const points: [number, number][] = [[scale.left, bottom]];
  for (const [timeNs, count] of waiting) {
    const x = scale.xOfTime(timeNs);
    points.push([x, (points.at(-1) as [number, number])[1]], [x, y(count)]);
  }
  points.push([scale.right, (points.at(-1) as [number, number])[1]]);
  const shapes: Shape[] = [
    { kind: 'path', role: measured ? 'measured-area' : 'simulated-area', closed: true, points: [...points, [scale.right, bottom], [scale.left, bottom]] },
    { kind: 'path', role: measured ? 'measured-line' : 'simulated-line', points },
    line('axis', [scale.left, bottom], [scale.right, bottom]),
    text('text-quiet', LOOP_GUTTER - 6, bottom + 1, '0', 'end'),
  ];
  if (most > 0) shapes.push(text('text-quiet', LOOP_GUTTER - 6, y(most) + 8, formatNumber(most), 'end'));
  return shapes;
}

/** Hatched while it waits for the loop, a line while it is in I/O, filled while the loop runs it. */
function lifeMark(request: LoopRequest, loop: EventLoop, scale: TimeScale, y: number, pitch: number): Mark {
  const { arrive, start, io, ready, resume, depart, lost } = request;
  const height = Math.max(2, pitch - 1.5);
  const end = (depart ?? lost)?.timeNs ?? loop.durationNs;
  const origin = scale.xOfTime(arrive.timeNs);
  const span = (from: number, to: number): { x: number; width: number } => ({ x: scale.xOfTime(from) - origin, width: Math.max(1, scale.xOfTime(to) - scale.xOfTime(from)) });
  const shapes: Shape[] = [{ kind: 'rect', role: 'bytes-waiting', y: 0, height, ...span(arrive.timeNs, start?.timeNs ?? end) }];
  const ranUntil = loop.turns.find((turn) => turn.request === request && turn.part === 'start')?.until.timeNs ?? end;
  if (start) shapes.push({ kind: 'rect', role: 'bytes-flying', y: 0, height, ...span(start.timeNs, ranUntil) });
  if (io) {
    const over = ready?.timeNs ?? resume?.timeNs ?? end;
    shapes.push(line('axis', [scale.xOfTime(io.timeNs) - origin, height / 2], [scale.xOfTime(over) - origin, height / 2]));
    if (ready) shapes.push({ kind: 'rect', role: 'bytes-waiting', y: 0, height, ...span(ready.timeNs, resume?.timeNs ?? end) });
    if (resume) shapes.push({ kind: 'rect', role: 'bytes-flying', y: 0, height, ...span(resume.timeNs, end) });
  }
  return { id: `life-${request.index}`, x: origin, y, name: lifeOf(request), shapes };
}

function ordinal(count: number): string {
  return count === 2 ? '2nd' : count === 3 ? '3rd' : `${count}th`;
}
