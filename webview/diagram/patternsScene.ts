import { formatNumber, formatTime } from '../format.ts';
import { whereIs, type Backend, type Backends, type ServedRequest } from './patterns.ts';
import { laneMarks, queueShapes } from './patternsLanes.ts';
import { ACCEPTORS, figures, requestState, sharesOf, workerNoun } from './patternsWords.ts';
import { boxOf, cross, line, LINE_PX, text, textWidth, type Mark, type Role, type Scene, type Shape } from './scene.ts';

export interface PatternsOptions {
  /** At least 296. */
  readonly width: number;
  /** How many rows of the trace have happened, and when that is. */
  readonly row: number;
  readonly timeNs: number;
  /** The lanes that there is room for: those of the server that stands opposite, where it has more. */
  readonly room?: number;
}

const EDGE = 2;
const TITLE_PX = 22;
const BOX = 30;
const BOX_GAP = 4;
/** The path of a request from left to right, and how high it is. */
const PATH_PX = 62;
const QUEUE_PX = 30;
const LANE_PX = 11;
const MOST_LANES = 8;
const AXIS_PX = 22;
const STRIP_PX = 50;
/** Lines of figures: what it costs is not told of each server. */
const FIGURES = 3;
const RADIUS = 5;

/** One server of a comparison: where its requests are now, who did what over time, and what it came to. All servers' pictures have the same axes. */
export function patternsScene(backend: Backend, all: Backends, { width, row, timeNs, room = 1 }: PatternsOptions): Scene {
  const lanes = Math.max(1, Math.min(MOST_LANES, backend.lanes));
  const { queueTop, lanesTop, axisTop, stripTop, height } = placesFor(Math.max(backend.lanes, room));
  const told = figures(backend);
  const x = (atNs: number): number => EDGE + (Math.min(atNs, all.durationNs) / all.durationNs) * (width - 2 * EDGE);
  const path = pathParts(backend, row, timeNs, width);
  const shapes: Shape[] = [
    text('text-strong', EDGE, 15, backend.title || backend.id),
    ...path.shapes,
    text('text-quiet', EDGE, queueTop - 4, `how many wait, 0 to ${formatNumber(all.mostWaiting)}`),
    ...queueShapes(backend, queueTop, QUEUE_PX, all.mostWaiting, x),
    text('text-quiet', EDGE, lanesTop - 4, lanesTitle(backend, lanes)),
    ...timeShapes(backend, lanesTop, axisTop, all.durationNs, x, width),
    // Not through what stands between them.
    line('cursor', [x(timeNs), queueTop], [x(timeNs), queueTop + QUEUE_PX + 3]),
    line('cursor', [x(timeNs), lanesTop], [x(timeNs), axisTop]),
    text('text-quiet', EDGE, stripTop + 10, `how long each took, 0 to ${formatTime(all.longestNs)}`),
    ...told.map((words, i) => text('text', EDGE, stripTop + STRIP_PX + 12 + i * LINE_PX, words)),
  ];
  const name = `${backend.title || backend.id}: ${told.join(' ')}.`;
  return { width, height, name, shapes, marks: [...path.marks, ...laneMarks(backend, lanes, lanesTop, LANE_PX, x), stripMark(backend, all.longestNs, stripTop, width, name)] };
}

/** What stands in the place of a server that was not run, as high as the one that stands opposite. */
export function absentScene({ title, id, lanes }: Backend, width: number): Scene {
  const { height } = placesFor(lanes);
  const words = ['Not run here, simulated only:', 'the table above says why.'];
  return {
    width,
    height,
    name: `${title || id}: ${words.join(' ')}`,
    shapes: [
      text('text-strong', EDGE, 15, title || id),
      { kind: 'rect', role: 'not-permitted', x: EDGE, y: TITLE_PX + 4, width: width - 2 * EDGE, height: height - TITLE_PX - 8, radius: 3 },
      ...words.map((line, i) => text('text', width / 2, height / 2 + i * LINE_PX, line, 'middle')),
    ],
    marks: [],
  };
}

/** Where the parts of a picture are, from its top, and how high it is with so many lanes. */
function placesFor(lanes: number): { readonly queueTop: number; readonly lanesTop: number; readonly axisTop: number; readonly stripTop: number; readonly height: number } {
  const queueTop = TITLE_PX + PATH_PX + LINE_PX + 2;
  const lanesTop = queueTop + QUEUE_PX + LINE_PX + 6;
  const axisTop = lanesTop + Math.max(1, Math.min(MOST_LANES, lanes)) * LANE_PX + 2;
  const stripTop = axisTop + AXIS_PX + 4;
  return { queueTop, lanesTop, axisTop, stripTop, height: stripTop + STRIP_PX + LINE_PX * FIGURES + 4 };
}

function lanesTitle(backend: Backend, shown: number): string {
  const { lanes, pattern } = backend;
  const noun = workerNoun(pattern);
  const plural = noun === 'process' ? 'processes' : 'threads';
  if (lanes <= 1) return `what the one ${pattern.startsWith('single') ? 'thread' : noun} did`;
  if (lanes > shown) return `what ${shown} of ${formatNumber(lanes)} ${plural} did`;
  return pattern === 'per-connection' ? `at most ${formatNumber(lanes)} ${plural} at once` : `${formatNumber(lanes)} ${plural}: ${sharesOf(backend)}`;
}

interface Part {
  readonly shapes: readonly Shape[];
  readonly marks: readonly Mark[];
}

/** Listening sockets, who hands out, and the workers, with each request where it is now. */
function pathParts(backend: Backend, row: number, timeNs: number, width: number): Part {
  const { pattern, crash, respawn } = backend;
  const top = TITLE_PX;
  const present = backend.requests.map((request) => ({ request, where: whereIs(request, row) })).filter(({ where }) => where !== null);
  const waiting = present.filter(({ where }) => where === 'waiting');
  const acceptor = ACCEPTORS[pattern];
  const queueWidth = 58;
  const acceptorWidth = acceptor === undefined ? 0 : textWidth(acceptor) + 8;
  const workersLeft = EDGE + queueWidth + 14 + (acceptor === undefined ? 0 : acceptorWidth + 14);
  const perRow = Math.max(1, Math.floor((width - EDGE - workersLeft + BOX_GAP) / (BOX + BOX_GAP)));
  const boxes = Math.max(1, Math.min(backend.lanes, perRow, MOST_LANES));
  const middle = top + BOX / 2 + 8;
  const isDown = (lane: number): boolean => crash !== null && crash.row < row && (respawn === null || respawn.row >= row) && (crash.lane === lane || sharesEnd(backend));
  const shapes: Shape[] = [
    { kind: 'rect', role: 'lane', x: EDGE, y: middle - 12, width: queueWidth, height: 24, radius: 3 },
    text('text-quiet', EDGE, top + BOX + 28, pattern === 'reuseport' ? 'sockets' : 'socket'),
  ];
  if (acceptor !== undefined) {
    const left = EDGE + queueWidth + 14;
    shapes.push(arrow(EDGE + queueWidth + 1, left - 1, middle), { kind: 'rect', role: 'slot', x: left, y: middle - 12, width: acceptorWidth, height: 24, radius: 3 }, text('text', left + acceptorWidth / 2, middle + 4, acceptor, 'middle'));
  }
  shapes.push(arrow(workersLeft - 13, workersLeft - 1, middle));
  const boxX = (lane: number): number => workersLeft + lane * (BOX + BOX_GAP);
  for (let lane = 0; lane < boxes; lane++) {
    shapes.push({ kind: 'rect', role: isDown(lane) ? 'slot-extra' : 'slot', x: boxX(lane), y: middle - BOX / 2, width: BOX, height: BOX, radius: 3 });
    if (isDown(lane)) shapes.push(...cross(boxX(lane) + BOX / 2, middle, 7));
  }
  if (pattern === 'thread-pool') {
    // One process around all of its threads.
    const left = EDGE + queueWidth + 9;
    shapes.push({ kind: 'rect', role: 'grid', x: left, y: middle - BOX / 2 - 4, width: boxX(boxes - 1) + BOX + 4 - left, height: BOX + 8, radius: 4 });
  }
  const hidden = backend.lanes - boxes;
  shapes.push(text('text-quiet', workersLeft, top + BOX + 28, hidden > 0 ? `and ${formatNumber(hidden)} more` : pattern === 'thread-pool' ? 'threads, one process' : backend.lanes === 1 ? 'one process' : 'processes'));
  const marks = [...queueMarks(waiting.map(({ request }) => request), middle, queueWidth, row, timeNs)];
  for (let lane = 0; lane < boxes; lane++) {
    const own = present.filter(({ request, where }) => where !== 'waiting' && request.lane === lane);
    marks.push(...workerTokens(own, boxX(lane), middle, row, timeNs));
  }
  const elsewhere = present.filter(({ request, where }) => where !== 'waiting' && request.lane >= boxes).length;
  if (elsewhere > 0) marks.push({ id: 'more-workers', x: workersLeft + textWidth(`and ${formatNumber(hidden)} more`) + 6, y: top + BOX + 28, name: `${formatNumber(elsewhere)} more are with workers that are not drawn.`, shapes: [text('text', 0, 0, `+${formatNumber(elsewhere)}`)] });
  return { shapes, marks };
}

/** Whether all die with one. */
function sharesEnd({ pattern }: Backend): boolean {
  return pattern === 'thread-pool' || pattern.startsWith('single');
}

const QUEUE_PLACES = 4;

function queueMarks(waiting: readonly ServedRequest[], y: number, width: number, row: number, timeNs: number): Mark[] {
  const shown = waiting.length > QUEUE_PLACES ? waiting.slice(0, QUEUE_PLACES - 1) : waiting;
  const x = (place: number): number => EDGE + width - 8 - place * 14;
  const marks = shown.map((request, place): Mark => tokenMark(request, 'queued', x(place), y, requestState(request, row, timeNs)));
  const hidden = waiting.length - shown.length;
  if (hidden > 0) marks.push({ id: 'more-waiting', x: EDGE + 2, y, name: `${formatNumber(hidden)} more wait.`, shapes: [text('text', 0, 4, `+${formatNumber(hidden)}`)] });
  return marks;
}

/** Up to four requests in a worker's box: two by two, and a count of the rest. */
function workerTokens(own: readonly { readonly request: ServedRequest; readonly where: string | null }[], left: number, middle: number, row: number, timeNs: number): Mark[] {
  const order = ['computing', 'back', 'io'];
  const sorted = [...own].sort((a, b) => order.indexOf(a.where ?? '') - order.indexOf(b.where ?? ''));
  const shown = sorted.length > 4 ? sorted.slice(0, 3) : sorted;
  const place = (i: number): readonly [number, number] => (sorted.length === 1 ? [left + BOX / 2, middle] : [left + 8 + (i % 2) * 14, middle - 7 + Math.floor(i / 2) * 14]);
  const roles: Readonly<Record<string, Role>> = { computing: 'accepted', io: 'half-open', back: 'queued' };
  const marks = shown.map(({ request, where }, i): Mark => tokenMark(request, roles[where ?? ''] ?? 'queued', ...place(i), requestState(request, row, timeNs)));
  const hidden = sorted.length - shown.length;
  if (hidden > 0) marks.push({ id: `more-${left}`, x: place(3)[0], y: place(3)[1], name: `${formatNumber(hidden)} more are with this worker.`, shapes: [text('text', 0, 4, `+${formatNumber(hidden)}`, 'middle')] });
  return marks;
}

/** A circle for the first class, a square for the others. */
function tokenMark({ index, classIndex }: ServedRequest, role: Role, x: number, y: number, name: string): Mark {
  const shape: Shape = classIndex === 0 ? { kind: 'circle', role, x: 0, y: 0, radius: RADIUS } : { kind: 'rect', role, x: -RADIUS, y: -RADIUS, width: 2 * RADIUS, height: 2 * RADIUS };
  return { id: `request-${index}`, x, y, name, moves: true, shapes: [shape] };
}

function arrow(from: number, to: number, y: number): Shape {
  return line('axis', [from, y], [to, y], [to - 4, y - 3], [to, y], [to - 4, y + 3]);
}

const HALF = 'half';
const NINE = '9 in 10';

/** As in the queue: a circle for the first class, a square for the others. */
function latencyShape(classIndex: number, x: number, y: number): Shape {
  return classIndex === 0 ? { kind: 'circle', role: 'measured-count', x, y, radius: 3 } : { kind: 'rect', role: 'slot', x: x - 3, y: y - 3, width: 6, height: 6 };
}

/** The crash, and the ends of the time axis. */
function timeShapes({ crash }: Backend, top: number, bottom: number, durationNs: number, x: (atNs: number) => number, width: number): Shape[] {
  const shapes: Shape[] = [line('axis', [EDGE, bottom], [width - EDGE, bottom]), text('text-quiet', EDGE, bottom + 15, '0'), text('text-quiet', width - EDGE, bottom + 15, formatTime(durationNs), 'end')];
  if (!crash) return shapes;
  const at = x(crash.timeNs);
  const half = textWidth('crash') / 2;
  shapes.push(line('cap', [at, top - 4], [at, bottom]));
  if (at - half > 20 && at + half < width - EDGE - textWidth(formatTime(durationNs)) - 6) shapes.push(text('text-lost', at, bottom + 15, 'crash', 'middle'));
  return shapes;
}

/** Each latency on the scale that all servers have; of the first class, within how long half and nine in ten were answered. */
function stripMark({ requests, tail }: Backend, longestNs: number, top: number, width: number, name: string): Mark {
  const x = (ns: number): number => EDGE + RADIUS + (ns / longestNs) * (width - 2 * EDGE - 2 * RADIUS);
  const y = STRIP_PX - 10;
  const shapes: Shape[] = [line('grid', [EDGE, y], [width - EDGE, y])];
  for (const { arrive, depart, classIndex } of requests) if (depart) shapes.push(latencyShape(classIndex, x(depart.timeNs - arrive.timeNs), y));
  if (tail) {
    const label = (words: string, ns: number): Shape => text('text', Math.max(EDGE + textWidth(words) / 2, Math.min(width - EDGE - textWidth(words) / 2, x(ns))), y - 9, words, 'middle');
    const nine = label(NINE, tail.p90Ns);
    const half = label(HALF, tail.p50Ns);
    shapes.push(line('cap', [x(tail.p50Ns), y - 7], [x(tail.p50Ns), y + 7]), line('cap', [x(tail.p90Ns), y - 7], [x(tail.p90Ns), y + 7]));
    shapes.push(...(boxOf(half).right + 4 < boxOf(nine).left ? [half, nine] : [label(`${HALF}, ${NINE}`, (tail.p50Ns + tail.p90Ns) / 2)]));
  }
  return { id: 'latencies', x: 0, y: top, name: `Latencies from 0 to ${formatTime(longestNs)}. ${name}`, shapes };
}
