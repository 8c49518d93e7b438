import type { SynDropReason } from '../../src/shared/tcpTrace.ts';
import { formatNumber } from '../format.ts';
import type { Frame, ServerPlace } from '../player/frame.ts';
import { DROP_WORDS } from '../player/words.ts';
import { clientMarks } from './clients.ts';
import { columnsOf, HEAD, PITCH, rowY, type Columns, type SlotColumn } from './columns.ts';
import type { Knowledge, Limits } from './limits.ts';
import { cross, line, LINE_PX, text, textWidth, type Mark, type Scene, type Shape } from './scene.ts';
import { segmentMarks } from './segments.ts';
import { acceptedMarks, queueMarks } from './slots.ts';

export interface PictureOptions {
  /** At least 296. */
  readonly width: number;
  readonly limits: Limits;
  readonly knows: Knowledge;
  /** Why anything is dropped in the whole trace: those lines of the tray are there from the start. */
  readonly reasons: readonly SynDropReason[];
}

const TRAY_GAP = 10;
const TRAY_LINE = 22;

/** Clients, the wire, SYN slots, accept slots, descriptors, and the tray of what was dropped, at one moment. */
export function acceptQueueScene(frame: Frame, options: PictureOptions): Scene {
  const columns = columnsOf(frame, options.limits, options.knows, options.width);
  const trayTop = HEAD + columns.rows * PITCH + TRAY_GAP;
  const height = trayTop + TRAY_LINE * options.reasons.length + 12;
  const shapes = [...headings(frame, options, columns), ...slotShapes(columns.syn, null, 0), ...slotShapes(columns.accept, options.limits.backlog, waitingIn(frame, options.knows).acceptQueue), ...lanes(columns)];
  const marks = [
    ...clientMarks(frame, columns, options.knows),
    ...segmentMarks(frame, columns),
    ...queueMarks(frame, columns, options.knows),
    ...acceptedMarks(frame, columns, options.knows),
    ...trayMarks(frame, options.reasons, trayTop, options.width),
    ...dropMarks(frame, { columns, reasons: options.reasons, trayTop, width: options.width }),
  ];
  return { width: options.width, height, name: nameOf(frame), shapes, marks };
}

function nameOf(frame: Frame): string {
  const dropped = Object.values(frame.dropped).reduce((sum, count) => sum + count, 0);
  return `How connections are accepted: ${frame.conns.length} clients, ${frame.synQueue} in the SYN queue, ${frame.acceptQueue} in the accept queue, ${frame.descriptors} accepted, ${dropped} dropped.`;
}

function headings(frame: Frame, { limits, knows }: PictureOptions, columns: Columns): Shape[] {
  const connected = frame.conns.filter((conn) => conn.client === 'connected').length;
  const waiting = waitingIn(frame, knows);
  const accepted = frame.descriptors || frame.conns.filter((conn) => conn.server === 'accepted').length;
  const of = (count: number, capacity: number | null, known: boolean): string => {
    if (!known) return 'unseen';
    if (capacity === null) return formatNumber(count);
    return fitting([`${count} of ${capacity}`, `${count}/${capacity}`], columns.syn.width);
  };
  return [
    ...heading(columns.clients.x, 'clients', '', fitting(connectedWords(connected, frame.conns.length), columns.syn.x - 14), 'start'),
    ...heading(middle(columns.syn), 'SYN', 'queue', of(waiting.synQueue, limits.synQueue, knows.synQueue), 'middle'),
    ...heading(middle(columns.accept), 'accept', 'queue', of(waiting.acceptQueue, limits.acceptQueue, knows.acceptQueue), 'middle'),
    ...heading(columns.accepted.x, 'accept()', '→ open', formatNumber(accepted), 'start'),
  ];
}

/** Where the trace knows who is where, that is what is drawn and counted: rows of one moment come one after another. */
function waitingIn(frame: Frame, knows: Knowledge): { readonly synQueue: number; readonly acceptQueue: number } {
  return knows.places ? { synQueue: count(frame, 'half-open'), acceptQueue: count(frame, 'queued') } : frame;
}

function count(frame: Frame, place: ServerPlace): number {
  return frame.conns.filter((conn) => conn.server === place).length;
}

function connectedWords(connected: number, of: number): string[] {
  return [`${connected} of ${of} connected`, `${connected}/${of} connected`, `${connected}/${of}`];
}

/** The first of several wordings that has room. */
function fitting(wordings: readonly string[], width: number): string {
  return wordings.find((words) => textWidth(words) <= width) ?? wordings.at(-1) ?? '';
}

function heading(x: number, first: string, second: string, count: string, anchor: 'start' | 'middle'): Shape[] {
  const lines = second === '' ? [text('text-quiet', x, 12 + LINE_PX, first, anchor)] : [text('text-quiet', x, 12, first, anchor), text('text-quiet', x, 12 + LINE_PX, second, anchor)];
  return [...lines, text('text-strong', x, 12 + 2 * LINE_PX, count, anchor)];
}

function middle(column: SlotColumn): number {
  return column.x + column.width / 2;
}

/** Empty slots are there first; the one beyond the backlog is marked as such. */
function slotShapes(column: SlotColumn, backlog: number | null, taken: number): Shape[] {
  const shapes: Shape[] = [];
  for (let row = 0; row < column.cells; row++) {
    const extra = column.perCell === 1 && backlog !== null && row === backlog;
    const role = extra ? 'slot-extra' : 'slot';
    if (column.capacity !== null) shapes.push({ kind: 'rect', role, x: column.x + 4, y: rowY(row) - 13, width: column.width - 8, height: 26, radius: 4 });
    if (extra && taken <= row) shapes.push(text('text-quiet', middle(column), rowY(row) + 4, '+1', 'middle'));
  }
  return shapes;
}

function lanes({ wire, clients }: Columns): Shape[] {
  return Array.from({ length: clients.cells }, (_, row) => line('lane', [wire.left, rowY(row)], [wire.right, rowY(row)]));
}

/** What is dropped does not vanish: it is counted, by reason. */
function trayMarks(frame: Frame, reasons: readonly SynDropReason[], top: number, width: number): Mark[] {
  return reasons.map((reason, index) => {
    const count = frame.dropped[reason];
    const words = trayWords(reason, count);
    const shapes: Shape[] = [{ kind: 'rect', role: 'tray', x: 0.5, y: 0, width: width - 1, height: TRAY_LINE - 2, radius: 4 }, ...cross(13, 10, 4), text(count > 0 ? 'text-lost' : 'text-quiet', 24, 14, words)];
    return { id: `tray-${reason}`, x: 0, y: top + index * TRAY_LINE, name: `${words}.`, shapes };
  });
}

/** The newest of those turned away stand where they were refused; the last before them lie in the tray. */
function dropMarks(frame: Frame, { columns, reasons, trayTop, width }: { columns: Columns; reasons: readonly SynDropReason[]; trayTop: number; width: number }): Mark[] {
  const laneOf = new Map(frame.conns.map((conn, index) => [conn.id, Math.floor(index / columns.clients.perCell)]));
  const newest = new Set(frame.fallen.map(({ row }) => row));
  return reasons.flatMap((reason, index) => {
    const bodies = frame.pile.filter((drop) => drop.reason === reason).toReversed();
    const room = Math.floor((width - 40 - textWidth(trayWords(reason, frame.dropped[reason]))) / 16);
    return bodies.slice(0, Math.max(0, room)).map((drop, place): Mark => {
      const lane = drop.conn === null ? undefined : laneOf.get(drop.conn);
      const standing = newest.has(drop.row) && lane !== undefined;
      const at = standing ? { x: columns.wire.right - 4, y: rowY(lane) } : { x: width - 12 - place * 16, y: trayTop + index * TRAY_LINE + 10 };
      const name = `${drop.conn ?? 'A client'} was turned away: ${DROP_WORDS[reason]}.`;
      return { id: `drop-${drop.row}`, ...at, moves: true, name, shapes: [{ kind: 'circle', role: 'body', x: 0, y: 0, radius: 7 }, ...cross(0, 0, 3.5)] };
    });
  });
}

function trayWords(reason: SynDropReason, count: number): string {
  return reason === 'lost' ? `lost on the way: ${formatNumber(count)}` : `dropped, ${DROP_WORDS[reason]}: ${formatNumber(count)}`;
}

