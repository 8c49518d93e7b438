import { formatNumber, plural } from '../format.ts';
import { formatBytes } from './buffersWords.ts';
import type { CopyOnWrite, CopyState, PageRun } from './copyOnWrite.ts';
import { line, text, textWidth, type Mark, type Point, type Scene, type Shape } from './scene.ts';

/** More runs than this are merged: a picture of more rows is read by nobody. */
const ROWS = 16;
const ROW_PX = 26;
const CELL_PX = 20;
const HEAD_PX = 26;
const ARROW_PX = 5;
/** From this width on there is room for whole words. */
const WIDE_PX = 480;
const BAR_PX = 18;

interface Columns {
  readonly table: number;
  readonly copies: readonly [left: number, right: number];
  readonly frames: readonly [left: number, right: number];
  readonly child: number;
}

/** A row of the picture: neighbouring pages, and how many of them are copied. */
interface Row extends PageRun {
  readonly copied: number;
}

/**
 * The parent's page table, the frames, the child's page table. Every page has one frame at fork(), which both point to; at
 * its first write it gets a second one, and the parent's pointer moves there. Below it, how much memory that makes.
 */
export function copyOnWriteScene(state: CopyState, cow: CopyOnWrite, { width }: { readonly width: number }): Scene {
  const { pages, pageBytes } = cow;
  if (pages === 0) return { width, height: HEAD_PX, name: 'No measurement.', shapes: [text('text-quiet', 0, 17, 'no process forked here')], marks: [] };
  const columns = columnsFor(width);
  const rows = rowsOf(state, cow);
  const bottom = HEAD_PX + rows.length * ROW_PX;
  const shapes = [...heads(columns, width), ...memoryShapes(bottom, state, cow, width)];
  const marks = [...rows.map((row, i) => rowMark(row, HEAD_PX + i * ROW_PX, state, cow, columns, width)), memoryMark(bottom, state, cow, width)];
  const name = `Copy-on-write: ${formatNumber(state.copied)} of ${plural(pages, 'page')} of ${formatBytes(pageBytes)} are copied.`;
  return { width, height: bottom + 62, name, shapes, marks };
}

function columnsFor(width: number): Columns {
  const table = width >= WIDE_PX ? 0.17 * width : 50;
  const gap = width >= WIDE_PX ? 0.1 * width : 30;
  const left = table + gap;
  const right = width - table - gap;
  const middle = (left + right) / 2;
  return { table, copies: [left, middle - 6], frames: [middle + 6, right], child: width - table };
}

function rowsOf({ copiedOf }: CopyState, { runs }: CopyOnWrite): Row[] {
  const merged = Math.ceil(runs.length / ROWS);
  return Array.from({ length: Math.ceil(runs.length / merged) }, (_, i) => {
    const from = i * merged;
    const to = Math.min(runs.length, from + merged);
    const copied = copiedOf.slice(from, to).reduce((sum, count) => sum + count, 0);
    return { first: (runs[from] as PageRun).first, last: (runs[to - 1] as PageRun).last, copied };
  });
}

function heads({ copies, frames }: Columns, width: number): Shape[] {
  const wide = width >= WIDE_PX;
  return [
    text('text-strong', 0, 15, wide ? 'parent’s table' : 'parent'),
    text('text-strong', (copies[0] + copies[1]) / 2, 15, 'copies', 'middle'),
    text('text-strong', (frames[0] + frames[1]) / 2, 15, wide ? 'frames at fork()' : 'frames', 'middle'),
    text('text-strong', width, 15, wide ? 'child’s table' : 'child', 'end'),
  ];
}

function rowMark(row: Row, y: number, state: CopyState, { children, pages }: CopyOnWrite, { table, copies, frames, child }: Columns, width: number): Mark {
  const size = row.last - row.first + 1;
  const share = Math.min(1, row.copied / size);
  const middle = CELL_PX / 2;
  const [copiesLeft, copiesRight] = copies;
  const [framesLeft, framesRight] = frames;
  const split = framesRight - share * (framesRight - framesLeft);
  const copyRight = copiesLeft + share * (copiesRight - copiesLeft);
  const label = formatNumber(row.first);
  const shapes: Shape[] = [
    { kind: 'rect', role: 'slot', x: 0, y: 0, width: table, height: CELL_PX },
    text('text', table / 2, 15, label, 'middle'),
    { kind: 'rect', role: state.forked ? 'slot' : 'not-started', x: child, y: 0, width: width - child, height: CELL_PX },
    { kind: 'rect', role: 'slot-extra', x: copiesLeft, y: 0, width: copiesRight - copiesLeft, height: CELL_PX },
  ];
  // Below the copies, which it has nothing to do with.
  const around: readonly Point[] = [[table, 15], [copiesLeft - 9, 15], [copiesLeft - 3, CELL_PX + 3], [copiesRight + 1, CELL_PX + 3], [framesLeft, 15]];
  if (state.forked) shapes.push(text('text', (child + width) / 2, 15, label, 'middle'), ...pointer([[child, middle], [framesRight, middle]]));
  if (share < 1) {
    shapes.push({ kind: 'rect', role: state.forked ? 'bytes-flying' : 'slot', x: framesLeft, y: 0, width: split - framesLeft, height: CELL_PX }, ...sharers(framesLeft, split, state.forked ? children + 1 : 1));
    shapes.push(...pointer(share > 0 ? around : [[table, middle], [framesLeft, middle]]));
  }
  if (share > 0) {
    shapes.push({ kind: 'rect', role: 'slot', x: split, y: 0, width: framesRight - split, height: CELL_PX }, ...sharers(split, framesRight, children));
    shapes.push({ kind: 'rect', role: 'bytes-waiting', x: copiesLeft, y: 0, width: copyRight - copiesLeft, height: CELL_PX });
    shapes.push(...pointer([[table, share < 1 ? 6 : middle], [copiesLeft, share < 1 ? 6 : middle]]));
    const words = size === 1 ? 'copy' : percent(share);
    if (size === 1) shapes.push(text('text', (copiesLeft + copiesRight) / 2, 15, words, 'middle'));
    else shapes.push(share < 0.5 ? text('text', copiesRight - 3, 15, words, 'end') : text('text', copiesLeft + 4, 15, words));
  }
  const { newest } = state;
  // Where the pointer was before this step.
  if (newest?.copies === true && size === 1 && newest.page === row.first) shapes.push(line('ghost', ...around));
  return { id: `pages-${row.first}`, x: 0, y, name: rowName(row, size, state, children, pages), shapes };
}

function rowName({ first, last, copied }: Row, size: number, { forked }: CopyState, children: number, pages: number): string {
  const which = size === 1 ? `Page ${formatNumber(first)}` : size === pages ? `All ${plural(pages, 'page')}` : `Pages ${formatNumber(first)} to ${formatNumber(last)}`;
  const sharers = `the parent and ${children === 1 ? 'the child' : `${children} children`}`;
  if (!forked) return `${which}: the parent’s alone, before fork().`;
  if (copied === 0) return `${which}: shared by ${sharers}, read-only.`;
  if (size === 1) return `${which}: copied. The parent has the copy, and ${children === 1 ? 'the child has' : `${children} children have`} the frame of before.`;
  return `${which}: ${formatNumber(copied)} copied for the parent, ${formatNumber(Math.max(0, size - copied))} still shared by ${sharers}.`;
}

/** An arrow from a table to a frame, towards either side. */
function pointer(points: readonly Point[]): Shape[] {
  const [fromX] = points[0] as Point;
  const [x, y] = points.at(-1) as Point;
  const back = x > fromX ? -ARROW_PX : ARROW_PX;
  return [line('stair-ack', ...points), { kind: 'path', role: 'arrow-head', closed: true, points: [[x, y], [x + back, y - 3.5], [x + back, y + 3.5]] }];
}

/** How many point to a frame, and a lock where it may not be written as it is; what fits. */
function sharers(left: number, right: number, count: number): Shape[] {
  const words = `×${count}`;
  const wordsWidth = textWidth(words);
  const lockWidth = count > 1 ? 15 : 0;
  const room = right - left - 6;
  const x = (left + right) / 2;
  if (wordsWidth + lockWidth <= room) return [text('text', x - lockWidth / 2, 15, words, 'middle'), ...(count > 1 ? lock(x + wordsWidth / 2 + 1.5) : [])];
  return count > 1 && lockWidth <= room ? lock(x) : [];
}

/** A padlock of 9 px around `x`, drawn and not set in type. */
function lock(x: number): Shape[] {
  return [
    { kind: 'rect', role: 'lock', x: x - 4.5, y: 9, width: 9, height: 7, radius: 1 },
    line('lock-shackle', [x - 2.5, 9], [x - 2.5, 6.5], [x - 1.5, 5], [x + 1.5, 5], [x + 2.5, 6.5], [x + 2.5, 9]),
  ];
}

/** The bar has room for twice the memory: capacity before use, and the worst case. */
function memoryShapes(top: number, { extraBytes }: CopyState, { pages, pageBytes }: CopyOnWrite, width: number): Shape[] {
  const bytes = pages * pageBytes;
  const half = width / 2;
  return [
    { kind: 'rect', role: 'slot-extra', x: 0.5, y: top + 10, width: width - 1, height: BAR_PX },
    line('cap', [half, top + 6], [half, top + 14 + BAR_PX]),
    text('text', 0, top + BAR_PX + 26, `${formatBytes(bytes)} at fork()`),
    text('text-quiet', width, top + BAR_PX + 26, extraBytes > 0 ? `of at most +${formatBytes(bytes)}` : `at most +${formatBytes(bytes)}`, 'end'),
  ];
}

function memoryMark(top: number, { forked, extraBytes, copied }: CopyState, { pages, pageBytes }: CopyOnWrite, width: number): Mark {
  const bytes = pages * pageBytes;
  const extra = Math.min(1, Math.max(0, extraBytes / bytes)) * (width / 2);
  const shapes: Shape[] = [{ kind: 'rect', role: forked ? 'bytes-flying' : 'slot', x: 0.5, y: 0, width: width / 2 - 0.5, height: BAR_PX }];
  if (extra > 0.5) shapes.push({ kind: 'rect', role: 'bytes-waiting', x: width / 2, y: 0, width: extra, height: BAR_PX });
  if (extraBytes > 0) shapes.push(text('text-strong', width / 2 + 6, 14, `+${formatBytes(extraBytes)}`));
  return { id: 'memory', x: 0, y: top + 10, name: `Memory of all together: ${formatBytes(bytes)} at fork(), and ${formatBytes(extraBytes)} for ${plural(copied, 'copied page')}. It can double, no more.`, shapes };
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
