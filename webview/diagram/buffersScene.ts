import type { Buffers, BufferState } from './buffers.ts';
import { allowance, formatBytes } from './buffersWords.ts';
import { line, LINE_PX, text, textWidth, type Mark, type Role, type Scene, type Shape } from './scene.ts';

export interface BuffersOptions {
  /** At least 296. */
  readonly width: number;
  /** Bytes that a ruler spans; the same for pictures that stand side by side. */
  readonly room: number;
}

interface Part {
  readonly id: string;
  readonly role: Role;
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly name: string;
}

const BAR_PX = 26;
const EDGE = 4;
const BRACKET_PX = 48;
/** Room behind the ruler's end, for what it does not span. */
const CUT_PX = 84;

/** Two rulers of bytes, one a kernel, at the same scale: what the writer holds, and how much of it may be in flight; what the reader holds. */
export function buffersScene(state: BufferState, buffers: Buffers, { width, room }: BuffersOptions): Scene {
  const { writer, reader } = buffers;
  const right = width - CUT_PX;
  const x = (bytes: number): number => EDGE + (Math.min(bytes, room) / room) * (right - EDGE);
  const held = state.written - state.acked;
  const flying = state.sent - state.acked;
  const captions = [
    { title: `${writer}’s send buffer: ${formatBytes(held)}`, done: `acknowledged ${formatBytes(state.acked)} of ${formatBytes(state.written)}` },
    { title: `${reader}’s receive buffer: ${formatBytes(state.queued)}`, done: `read ${formatBytes(state.read)}` },
  ] as const;
  const lines = captions.every((caption) => inOneLine(caption, width)) ? 1 : 2;
  const sendTop = 8 + LINE_PX * lines;
  const receiveTop = sendTop + BAR_PX + BRACKET_PX + LINE_PX * lines;
  const sending: Part[] = buffers.seesSegments
    ? [
        { id: 'in-flight', role: 'bytes-flying', from: 0, to: flying, label: 'in flight', name: `${formatBytes(flying)} are in flight: sent and not yet acknowledged.` },
        { id: 'unsent', role: 'bytes-waiting', from: flying, to: held, label: 'unsent', name: `${formatBytes(held - flying)} are written and not yet sent.` },
      ]
    : [{ id: 'held', role: 'bytes-waiting', from: 0, to: held, label: 'unacknowledged', name: `${formatBytes(held)} are written and not acknowledged.` }];
  const windowBytes = state.windowEnd === null ? 0 : Math.max(0, state.windowEnd - state.read - state.queued);
  const receiving: Part[] = [
    { id: 'queued', role: 'bytes-waiting', from: 0, to: state.queued, label: 'unread', name: `${formatBytes(state.queued)} have come and are not yet read.` },
    { id: 'window', role: 'bytes-offered', from: state.queued, to: state.queued + windowBytes, label: 'announced free', name: `${formatBytes(windowBytes)} more may come, as the ${writer} knows.` },
  ];
  const shapes = [
    ...captionShapes(captions[0], lines, sendTop, width),
    ...ruler(sendTop, right),
    ...cut(held, room, sendTop, right),
    ...captionShapes(captions[1], lines, receiveTop, width),
    ...ruler(receiveTop, right),
    ...cut(state.queued, room, receiveTop, right),
    text('text-quiet', right, receiveTop + BAR_PX + 16, formatBytes(room), 'end'),
    text('text-quiet', EDGE, receiveTop + BAR_PX + 16, '0'),
  ];
  const marks = [...sending.flatMap((part) => partMarks(part, sendTop, x)), ...bracket(state, buffers, sendTop + BAR_PX, x, width, room), ...receiving.flatMap((part) => partMarks(part, receiveTop, x))];
  const name = `Buffers: the ${writer}’s kernel holds ${formatBytes(held)}, the ${reader}’s ${formatBytes(state.queued)}.`;
  return { width, height: receiveTop + BAR_PX + 24, name, shapes, marks };
}

interface Caption {
  readonly title: string;
  readonly done: string;
}

function inOneLine({ title, done }: Caption, width: number): boolean {
  return EDGE + textWidth(title, 'text-strong') + textWidth(done) + 12 <= width;
}

function captionShapes({ title, done }: Caption, lines: 1 | 2, top: number, width: number): Shape[] {
  if (lines === 1) return [text('text-strong', EDGE, top - 8, title), text('text-quiet', width, top - 8, done, 'end')];
  return [text('text-strong', EDGE, top - 8 - LINE_PX, title), text('text-quiet', EDGE, top - 8, done)];
}

/** Capacity is there before use. */
function ruler(top: number, right: number): Shape[] {
  return [{ kind: 'rect', role: 'slot', x: EDGE, y: top, width: right - EDGE, height: BAR_PX }];
}

/** What the ruler does not span is said behind a break. */
function cut(bytes: number, room: number, top: number, right: number): Shape[] {
  if (bytes <= room) return [];
  const middle = right + 4;
  return [line('zigzag', [middle, top - 3], [middle - 4, top + 5], [middle + 4, top + 13], [middle - 4, top + 21], [middle, top + BAR_PX + 3]), text('text', right + 12, top + 17, `+${formatBytes(bytes - room).replace(' ', '\u00a0')}`)];
}

function partMarks({ id, role, from, to, label, name }: Part, top: number, x: (bytes: number) => number): Mark[] {
  if (to <= from) return [];
  const width = x(to) - x(from);
  if (width <= 0) return [];
  const shapes: Shape[] = [{ kind: 'rect', role, x: 0, y: 0, width: Math.max(1.5, width), height: BAR_PX }];
  if (textWidth(label) + 8 <= width) shapes.push(text('text', width / 2, 17, label, 'middle'));
  return [{ id, x: x(from), y: top, name, shapes }];
}

/** How much may be in flight, from the oldest unacknowledged byte on; at zero a bar that says so. */
function bracket(state: BufferState, { reader, seesSegments }: Buffers, top: number, x: (bytes: number) => number, width: number, room: number): Mark[] {
  const may = allowance(state);
  if (!may) return state.written > 0 && !seesSegments ? [{ id: 'allowance', x: EDGE, y: top, name: 'The window is in the segments, which this run could not see.', shapes: [text('text-quiet', 0, 28, 'window: not to be seen here')] }] : [];
  if (may.bytes === 0) {
    const words = 'window 0: shut';
    return [{ id: 'allowance', x: EDGE, y: top, name: `The ${reader} has announced a window of 0: nothing may be sent.`, shapes: [{ kind: 'rect', role: 'window-shut', x: -3, y: 2, width: 6, height: 20 }, text('text-lost', 12, 22, words)] }];
  }
  const span = x(may.bytes) - EDGE;
  const words = fitting([`may be in flight: ${formatBytes(may.bytes)}, by ${may.by}`, `may fly: ${formatBytes(may.bytes)} (${may.by === 'the receive window' ? 'rwnd' : 'cwnd'})`], width - 16);
  const open = may.bytes > room;
  const points: [number, number][] = open ? [[0, 3], [0, 10], [span, 10]] : [[0, 3], [0, 10], [span, 10], [span, 3]];
  return [{ id: 'allowance', x: EDGE, y: top, name: `${formatBytes(may.bytes)} may be in flight: ${may.by} is the smaller limit.`, shapes: [line('bracket', ...points), text('text', 0, 28, words)] }];
}

/** The first of several wordings that has room. */
function fitting(wordings: readonly string[], width: number): string {
  return wordings.find((words) => textWidth(words) <= width) ?? wordings.at(-1) ?? '';
}
