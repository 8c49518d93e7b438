import type { Frame } from '../player/frame.ts';
import type { Knowledge, Limits } from './limits.ts';

/** Rows of at most this many cells; above, a cell stands for several. */
export const MOST_CELLS = 16;
export const PITCH = 29;
export const TOKEN_RADIUS = 12.5;
export const HEAD = 56;

/** Where the diagram's columns are and how its cells are counted. */
export interface Columns {
  readonly width: number;
  readonly clients: { readonly x: number; readonly width: number; readonly perCell: number; readonly cells: number };
  readonly wire: { readonly left: number; readonly right: number };
  readonly syn: SlotColumn;
  readonly accept: SlotColumn;
  readonly accepted: { readonly x: number; readonly width: number; readonly cells: number };
  readonly rows: number;
}
export interface SlotColumn {
  readonly x: number;
  readonly width: number;
  /** Null where the capacity is not known. */
  readonly capacity: number | null;
  readonly perCell: number;
  readonly cells: number;
}

const CLIENT_WIDTH = 46;
const SLOT_WIDTH = 44;
const ACCEPTED_WIDTH = 66;

/** Divides `width` (at least 296) among clients, wire, the two queues and the descriptors. */
export function columnsOf(frame: Frame, limits: Limits, knows: Knowledge, width: number): Columns {
  const clients = grouped(frame.conns.length);
  const gap = Math.min(36, 6 + (width - 296) / 10);
  const acceptedX = width - ACCEPTED_WIDTH - Math.min(24, (width - 296) / 10);
  const acceptX = acceptedX - gap - 6 - SLOT_WIDTH;
  const synX = acceptX - gap - SLOT_WIDTH;
  const syn = slots(limits.synQueue, knows.longest, synX);
  const accept = slots(limits.acceptQueue, knows.longest, acceptX);
  const accepted = Math.min(MOST_CELLS, Math.max(clients.cells, 1));
  return {
    width,
    clients: { x: 1, width: CLIENT_WIDTH, ...clients },
    wire: { left: CLIENT_WIDTH + 4, right: synX - 6 },
    syn,
    accept,
    accepted: { x: acceptedX, width: ACCEPTED_WIDTH, cells: accepted },
    rows: Math.max(clients.cells, syn.cells, accept.cells, accepted, 3),
  };
}

function slots(capacity: number | null, longest: number, x: number): SlotColumn {
  return { x, width: SLOT_WIDTH, capacity, ...grouped(capacity ?? longest) };
}

function grouped(count: number): { perCell: number; cells: number } {
  const perCell = Math.max(1, Math.ceil(count / MOST_CELLS));
  return { perCell, cells: Math.ceil(count / perCell) };
}

/** The vertical middle of a row. */
export function rowY(row: number): number {
  return HEAD + row * PITCH + PITCH / 2;
}
