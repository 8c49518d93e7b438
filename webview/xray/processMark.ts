import type { Wait, XrayProcess } from '../../src/shared/xray/sample.ts';
import { formatBytes } from '../../src/shared/xray/units.ts';
import { line, text, textWidth, type Mark, type Role, type Shape } from '../diagram/scene.ts';
import { formatNumber, plural } from '../format.ts';
import type { Outline } from './outline.ts';
import type { Row } from './rows.ts';
import { boldWidth, connectionWords, cut, processName } from './words.ts';

const INDENT = 10;
const PAD = 8;
const LINE = 20;
const CELL = 10;
const CELL_PITCH = 13;
const BAR_PX = 10;

/** How a thread is drawn: what it waits for decides. */
export const THREAD_ROLES: Readonly<Record<Wait, Role>> = {
  runs: 'accepted',
  events: 'slot',
  accept: 'slot',
  poll: 'slot',
  data: 'slot',
  lock: 'connecting',
  disk: 'connecting',
  time: 'slot-extra',
  child: 'slot-extra',
  other: 'slot-extra',
  unread: 'not-permitted',
};

export function processHeight(row: Row, { wide }: Outline): number {
  if (row.kind === 'more') return 28;
  return wide ? 44 : 16 + LINE * 4;
}

/** A process: dots on the rails of its sockets, its name, a cell a thread, its memory and connections. */
export function processMark(process: XrayProcess, top: number, outline: Outline): Mark {
  const { width, gutter, wide, letters } = outline;
  const x = gutter + Math.min(process.depth, 6) * INDENT;
  const height = processHeight({ kind: 'process', process }, outline);
  const inner = width - 1 - x - 2 * PAD;
  const shapes: Shape[] = [{ kind: 'rect', role: 'frame', x, y: 0, width: width - 1 - x, height, radius: 4 }, ...dots(process, x, height / 2, outline)];
  if (wide) {
    const [first, second, third] = [0.3, 0.5, 0.74].map((share) => gutter + (width - gutter) * share) as [number, number, number];
    shapes.push(...heading(process, x + PAD, 18, first - x - 2 * PAD), text('text-quiet', x + PAD, 36, `pid ${process.pid}, ${process.user}`));
    shapes.push(...threadCells(process, first, 10, second - first - PAD), text('text-quiet', first, 36, plural(process.threadCount, 'thread')));
    shapes.push(...memoryBar(process, second, 10, third - second - 2 * PAD, outline.mostBytes), text('text-quiet', second, 36, memoryLabel(process)));
    shapes.push(...connections(process, third, 18, width - 1 - third - PAD, true));
  } else {
    const left = x + PAD;
    const pid = `pid ${process.pid}`;
    const threads = plural(process.threadCount, 'thread');
    shapes.push(...heading(process, left, 18, inner - textWidth(pid) - 8), text('text-quiet', left + inner, 18, pid, 'end'));
    shapes.push(...threadCells(process, left, 28, inner - textWidth(threads) - 8), text('text-quiet', left + inner, 38, threads, 'end'));
    shapes.push(...memoryBar(process, left, 48, inner, outline.mostBytes), text('text-quiet', left, 72, cut(memoryLabel(process), inner)));
    shapes.push(...connections(process, left, 90, inner, false));
  }
  return { id: `process-${process.pid}`, x: 0, y: top, name: processName(process, letters), shapes };
}

function heading({ title }: XrayProcess, x: number, y: number, room: number): Shape[] {
  return [text('text-strong', x, y, cut(title, room, boldWidth))];
}

/** On each rail: filled where the process waits for a connection, a ring where it only has the descriptor, and a hatch over all where it may not be read. */
function dots({ holds, waitsAt, permitted }: XrayProcess, boxLeft: number, y: number, { rails, gutter }: Outline): Shape[] {
  if (!permitted) return gutter > 0 ? [{ kind: 'rect', role: 'not-permitted', x: 1, y: y - 8, width: Math.max(8, gutter - 8), height: 16, radius: 3 }] : [];
  return [...rails].flatMap(([inode, x]): Shape[] => {
    if (!holds.includes(inode)) return [];
    return [line('rail', [x, y], [boxLeft, y]), { kind: 'circle', role: waitsAt.includes(inode) ? 'waits' : 'holds', x, y, radius: 5 }];
  });
}

/** A cell a thread, as many as there is room for; the others are counted. */
function threadCells({ threads, threadCount }: XrayProcess, x: number, y: number, room: number): Shape[] {
  const fits = Math.max(1, Math.floor(room / CELL_PITCH));
  const all = threadCount <= fits;
  const shown = threads.slice(0, all ? fits : Math.max(1, fits - 3));
  const cells = shown.map(({ wait }, i): Shape => ({ kind: 'rect', role: THREAD_ROLES[wait], x: x + i * CELL_PITCH, y, width: CELL, height: CELL, radius: 2 }));
  return shown.length < threadCount ? [...cells, text('text', x + shown.length * CELL_PITCH + 2, y + 10, `+${formatNumber(threadCount - shown.length)}`)] : cells;
}

/** The outline is what is resident, the filled part its own share (PSS); all bars have one scale. */
function memoryBar({ rssBytes, pssBytes }: XrayProcess, x: number, y: number, room: number, mostBytes: number): Shape[] {
  const width = (bytes: number): number => Math.max(2, (room * bytes) / mostBytes);
  const outline: Shape = { kind: 'rect', role: pssBytes === null ? 'not-permitted' : 'slot', x, y, width: width(rssBytes), height: BAR_PX, radius: 2 };
  return pssBytes === null ? [outline] : [outline, { kind: 'rect', role: 'accepted', x, y, width: width(pssBytes), height: BAR_PX, radius: 2 }];
}

function memoryLabel({ pssBytes, rssBytes, permitted }: XrayProcess): string {
  return `${pssBytes === null ? `PSS ${permitted ? 'not told' : 'not permitted'}` : `PSS ${formatBytes(pssBytes)}`}, RSS ${formatBytes(rssBytes)}`;
}

/** One line, or two where there is room for them; what has no room is in the words of the mark. */
function connections(process: XrayProcess, x: number, y: number, room: number, twoLines: boolean): Shape[] {
  if (!process.permitted) return [text('text', x, y, cut('sockets not permitted', room))];
  const [first = '', ...rest] = connectionWords(process).split(', ');
  if (!twoLines) return [text('text', x, y, cut([first, ...rest].join(', '), room))];
  return [text('text', x, y, cut(first, room)), ...(rest.length > 0 ? [text('text-quiet', x, y + 18, cut(rest.join(', '), room))] : [])];
}
