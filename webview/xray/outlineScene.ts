import type { XraySample } from '../../src/shared/xray/sample.ts';
import { line, text, type Mark, type Scene, type Shape } from '../diagram/scene.ts';
import { formatNumber, plural } from '../format.ts';
import type { Outline } from './outline.ts';
import { processHeight, processMark } from './processMark.ts';
import { rowsOf, type Row } from './rows.ts';
import { listenerMark, SOCKET_HEIGHT } from './socketMark.ts';
import { cut, stateWords } from './words.ts';

const RAIL = 18;
const RAILS = { narrow: 4, wide: 8 } as const;
const WIDE = 720;
const GAP = 6;
const HEAD = 24;

/**
 * A server as an outline: listening sockets above, each with a rail that runs down to the processes which have a descriptor of it; a
 * filled dot is one that waits there. `width` is at least 296.
 */
export function outlineScene(sample: XraySample, width: number): Scene {
  const wide = width >= WIDE;
  const shown = sample.listeners.slice(0, wide ? RAILS.wide : RAILS.narrow);
  const rails = new Map(shown.map(({ inode }, i) => [inode, RAIL / 2 + i * RAIL]));
  const letters = new Map(sample.listeners.map(({ inode }, i) => [inode, letterOf(i)]));
  const outline: Outline = { width, wide, rails, letters, gutter: shown.length * RAIL + (shown.length > 0 ? 6 : 0), mostBytes: Math.max(1, ...sample.processes.map(({ rssBytes }) => rssBytes)) };
  const shapes: Shape[] = [];
  const marks: Mark[] = [];
  const ends = new Map<number, number>();
  let top = 0;
  if (sample.listeners.length > 0) {
    shapes.push(text('text-quiet', 0, top + 14, sample.listeners.length > shown.length ? `${shown.length} of ${formatNumber(sample.listeners.length)} sockets; the table has all` : 'listening sockets and their accept queues'));
    top += HEAD;
  }
  const starts = new Map<number, number>();
  for (const listener of shown) {
    marks.push(listenerMark(listener, top, sample, outline));
    starts.set(listener.inode, top + SOCKET_HEIGHT / 2);
    top += SOCKET_HEIGHT + GAP;
  }
  const rows = rowsOf(sample.processes);
  shapes.push(text('text-quiet', outline.gutter, top + 14, 'processes, threads, memory'));
  top += HEAD;
  for (const row of rows) {
    const height = processHeight(row, outline);
    marks.push(row.kind === 'process' ? processMark(row.process, top, outline) : moreMark(row, top, outline));
    for (const inode of holdsOf(row)) if (rails.has(inode)) ends.set(inode, top + height / 2);
    top += height + GAP;
  }
  if (sample.leftOut > 0) {
    shapes.push(text('text-quiet', outline.gutter, top + 14, `${formatNumber(sample.leftOut)} more were not looked at`));
    top += HEAD;
  }
  const railShapes = [...rails].map(([inode, x]) => line('rail', [x, starts.get(inode) ?? 0], [x, ends.get(inode) ?? starts.get(inode) ?? 0]));
  return { width, height: top, name: `Sockets, processes and threads: ${stateWords(sample)}`, shapes: [...railShapes, ...shapes], marks };
}

function holdsOf(row: Row): readonly number[] {
  return row.kind === 'process' ? row.process.holds : row.processes.flatMap(({ holds }) => holds);
}

/** Processes like the ones above, as their number; each rail has a ring where any of them has that socket. */
function moreMark({ processes: alike, depth }: Extract<Row, { kind: 'more' }>, top: number, { gutter, rails, width, letters }: Outline): Mark {
  const x = gutter + depth * 10;
  const has = (field: 'holds' | 'waitsAt', inode: number): number => alike.filter((process) => process[field].includes(inode)).length;
  const dots = [...rails].flatMap(([inode, at]): Shape[] => (has('holds', inode) > 0 ? [line('rail', [at, 14], [x, 14]), { kind: 'circle', role: has('waitsAt', inode) > 0 ? 'waits' : 'holds', x: at, y: 14, radius: 5 }] : []));
  const sockets = [...letters].filter(([inode]) => has('holds', inode) > 0).map(([inode, letter]) => `${formatNumber(has('holds', inode))} have socket ${letter} and ${formatNumber(has('waitsAt', inode))} wait there`);
  const words = `${formatNumber(alike.length)} more processes`;
  const threads = alike.reduce((sum, { threadCount }) => sum + threadCount, 0);
  const same = alike.every(({ title }) => title === alike[0]?.title) ? ` like these: ${alike[0]?.title ?? ''}` : '';
  const shapes: Shape[] = [...dots, { kind: 'rect', role: 'slot-extra', x, y: 0, width: width - x - 1, height: 28, radius: 4 }, text('text', x + 8, 18, cut(`${words}, ${plural(threads, 'thread')}`, width - x - 17))];
  return { id: `more-${alike[0]?.pid ?? 0}`, x: 0, y: top, name: `${words}${same}. ${sockets.length > 0 ? `${sockets.join('; ')}. ` : ''}The table has each.`, shapes };
}

/** A to Z, then A1, B1 and so on. */
function letterOf(index: number): string {
  const round = Math.floor(index / 26);
  return String.fromCharCode(65 + (index % 26)) + (round === 0 ? '' : String(round));
}
