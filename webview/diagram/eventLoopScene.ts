import { formatNumber, formatTime } from '../format.ts';
import type { EventLoop, LoopRequest, LoopState } from './eventLoop.ts';
import { isConnected, lifeOf, nameOf } from './eventLoopWords.ts';
import { line, LINE_PX, text, textWidth, type Mark, type Role, type Shape, type Scene } from './scene.ts';

export interface EventLoopOptions {
  /** At least 296. */
  readonly width: number;
  /** The most that ever wait, and that ever are in I/O: the places are there before their use, and the same in pictures that stand side by side. */
  readonly mostWaiting: number;
  readonly mostInIo: number;
}

const PITCH = 30;
const RADIUS = 13;
const MOST_ROWS = 2;
const TITLE_PX = 24;
const LOOP_PX = 64;
const GAP_PX = 12;
/** A rim is full when its request has waited for so long. */
const FULL_WAIT_NS = 300e6;

interface Token {
  readonly request: LoopRequest;
  readonly role: Role;
  readonly name: string;
  /** Share of the rim. */
  readonly age: number;
}

/** Who waits for the loop, what it runs, who is away in I/O, and how many are answered. */
export function eventLoopScene(state: LoopState, loop: EventLoop, { width, mostWaiting, mostInIo }: EventLoopOptions): Scene {
  const waiting = state.waiting.map(({ request, back, sinceNs }): Token => ({
    request,
    role: 'queued',
    name: `${nameOf(request)} has waited for the loop for ${formatTime(state.timeNs - sinceNs)}${back ? ': its I/O is over' : isConnected(request, state.timeNs) ? ': the kernel has connected it, and the loop has not looked at it yet' : ': it has come, and nobody has looked at it yet'}.`,
    age: Math.min(1, (state.timeNs - sinceNs) / FULL_WAIT_NS),
  }));
  const away = state.inIo.map((request): Token => ({ request, role: 'half-open', name: `${nameOf(request)} has been in I/O for ${formatTime(state.timeNs - (request.io?.timeNs ?? 0))}: it needs ${request === state.held ? 'no processor, yet the thread waits with it' : 'no thread'}.`, age: 0 }));
  const queue = row('waiting', `waiting for the loop: ${formatNumber(waiting.length)}`, 'next', waiting, mostWaiting, 0, width);
  const box = loopBox(state, queue.bottom + GAP_PX, width);
  const io = mostInIo > 0 ? row('io', `away in I/O: ${formatNumber(away.length)}`, '', away, mostInIo, box.bottom + GAP_PX, width) : { bottom: box.bottom, shapes: [], marks: [] };
  const tally = `answered: ${formatNumber(state.answered)} of ${formatNumber(loop.requests.length)}${state.lost > 0 ? `, lost: ${formatNumber(state.lost)}` : ''}`;
  const bottom = io.bottom + GAP_PX + LINE_PX;
  const name = `The loop ${state.running ? `runs ${nameOf(state.running.request)}` : state.held ? `waits with ${nameOf(state.held)}` : 'is idle'}; ${formatNumber(waiting.length)} wait for it, ${formatNumber(away.length)} are in I/O, ${formatNumber(state.answered)} are answered.`;
  return { width, height: bottom + 6, name, shapes: [...queue.shapes, ...box.shapes, ...io.shapes, text('text', 2, bottom, tally)], marks: [...box.marks, ...queue.marks, ...io.marks] };
}

interface Part {
  readonly bottom: number;
  readonly shapes: readonly Shape[];
  readonly marks: readonly Mark[];
}

/** Places in rows, empty ones first, for at most two rows; the last place counts the rest. */
function row(id: string, title: string, head: string, tokens: readonly Token[], most: number, top: number, width: number): Part {
  const perRow = Math.floor((width - 4) / PITCH);
  const places = Math.min(Math.max(1, most), perRow * MOST_ROWS);
  const shown = tokens.length > places ? tokens.slice(0, places - 1) : tokens;
  const center = (place: number): { x: number; y: number } => ({ x: 2 + (place % perRow) * PITCH + PITCH / 2, y: top + TITLE_PX + Math.floor(place / perRow) * PITCH + PITCH / 2 });
  const shapes: Shape[] = [text('text-strong', 2, top + 16, title)];
  if (head !== '' && tokens.length > 1 && textWidth(title, 'text-strong') + textWidth(`the ${head} one first`) + 24 < width) shapes.push(text('text-quiet', width - 2, top + 16, `the ${head} one first`, 'end'));
  for (let place = 0; place < places; place++) {
    const { x, y } = center(place);
    shapes.push({ kind: 'rect', role: 'slot', x: x - PITCH / 2 + 1, y: y - PITCH / 2 + 1, width: PITCH - 2, height: PITCH - 2, radius: 3 });
  }
  const marks = shown.map((token, place): Mark => ({ id: `${id}-${token.request.index}`, ...center(place), name: token.name, moves: true, shapes: tokenShapes(token) }));
  const hidden = tokens.length - shown.length;
  if (hidden > 0) marks.push({ id: `${id}-more`, ...center(places - 1), name: `${formatNumber(hidden)} more: ${nameOf((tokens[shown.length] as Token).request)} to ${nameOf((tokens.at(-1) as Token).request)}.`, shapes: [text('text', 0, 4, `+${hidden}`, 'middle')] });
  return { bottom: top + TITLE_PX + Math.ceil(places / perRow) * PITCH, shapes, marks };
}

/** A circle; of the second class on, a square: what takes long is told by shape. */
function tokenShapes({ request, role, age }: Token): Shape[] {
  const shapes = body(request, role, RADIUS);
  if (age > 0) shapes.push({ kind: 'arc', role: 'age', x: 0, y: 0, radius: RADIUS, share: age });
  return [...shapes, text('text', 0, 4, String(request.index), 'middle')];
}

function body({ classIndex }: LoopRequest, role: Role, radius: number): Shape[] {
  return classIndex === 0 ? [{ kind: 'circle', role, x: 0, y: 0, radius }] : [{ kind: 'rect', role, x: -radius, y: -radius, width: 2 * radius, height: 2 * radius, radius: 2 }];
}

/** The loop has one place. What runs in it has a bar of how far it is. */
function loopBox({ running, held, timeNs }: LoopState, top: number, width: number): Part {
  const middle = top + LOOP_PX / 2;
  const shapes: Shape[] = [{ kind: 'rect', role: 'slot', x: 1, y: top, width: width - 2, height: LOOP_PX, radius: 6 }, ...ring(26, middle)];
  const subject = running?.request ?? held;
  if (!subject) return { bottom: top + LOOP_PX, shapes: [...shapes, text('text', 54, middle - 4, 'the loop is idle'), text('text-quiet', 54, middle + 14, 'it sleeps until something happens')], marks: [] };
  const from = running?.from.timeNs ?? subject.io?.timeNs ?? timeNs;
  const until = running?.until.timeNs ?? subject.resume?.timeNs ?? subject.depart?.timeNs ?? timeNs;
  const share = until > from ? Math.min(1, (timeNs - from) / (until - from)) : 1;
  const what = running ? `runs ${nameOf(subject)}${running.part === 'resume' ? ', after I/O' : ''}` : `thread waits with ${nameOf(subject)}`;
  const left = 54;
  const right = width - 12;
  const bar: Shape[] = [
    { kind: 'rect', role: 'slot', x: left - 26, y: 2, width: right - left, height: 10, radius: 2 },
    { kind: 'rect', role: running ? 'bytes-flying' : 'bytes-waiting', x: left - 26, y: 2, width: Math.max(1, share * (right - left)), height: 10, radius: 2 },
  ];
  const times = `${formatTime(timeNs - from)} of ${formatTime(until - from)}`;
  const name = running
    ? `The loop runs ${nameOf(subject)}: ${times}. Nothing else of the program runs meanwhile. ${lifeOf(subject)}`
    : `The thread waits with ${nameOf(subject)} for its I/O, and serves nobody: ${times}.`;
  const mark: Mark = {
    id: 'running',
    x: 26,
    y: middle,
    name,
    shapes: [...body(subject, running ? 'accepted' : 'half-open', RADIUS), text('text', 0, 4, String(subject.index), 'middle'), text('text', left - 26, -10, what), ...bar, text('text-quiet', left - 26, 26, times)],
  };
  return { bottom: top + LOOP_PX, shapes, marks: [mark] };
}

/** An arrow that goes round. */
function ring(x: number, y: number): Shape[] {
  const radius = 20;
  return [
    { kind: 'arc', role: 'bracket', x, y, radius, share: 0.9 },
    line('bracket', [x - 17, y - 17], [x - 11.8, y - 16.2], [x - 13.5, y - 10.8]),
  ];
}
