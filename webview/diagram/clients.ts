import { formatTime, plural } from '../format.ts';
import { isDeceived, type ConnFrame, type Frame } from '../player/frame.ts';
import { rowY, type Columns } from './columns.ts';
import type { Knowledge } from './limits.ts';
import { cross, line, text, type Mark, type Role, type Shape } from './scene.ts';

const HEIGHT = 24;

/** One cell a client, by what its program knows; above 16 a cell stands for several and shows how many are in which state. */
export function clientMarks(frame: Frame, { clients }: Columns, knows: Knowledge): Mark[] {
  return Array.from({ length: clients.cells }, (_, row) => {
    const members = frame.conns.slice(row * clients.perCell, (row + 1) * clients.perCell);
    const at = { x: clients.x, y: rowY(row) - HEIGHT / 2 };
    const [only] = members;
    return members.length === 1 && clients.perCell === 1 && only ? { id: `client-${only.id}`, ...at, name: clientName(only, frame.timeNs, knows), shapes: cell(only, clients.width) } : groupMark(members, row, at, clients.width);
  });
}

function cell(conn: ConnFrame, width: number): Shape[] {
  const role: Role = isDeceived(conn) ? 'deceived' : conn.client;
  return [{ kind: 'rect', role, x: 0, y: 0, width, height: HEIGHT, radius: 4 }, ...glyph(conn.client), text('text', 18, 16, shortId(conn.id))];
}

/** ✓ connected, … connecting, ✕ failed: drawn, so that state never rests on colour. */
function glyph(state: ConnFrame['client']): Shape[] {
  if (state === 'connected') return [line('connected', [4, 12], [8, 16], [14, 8])];
  if (state === 'failed') return cross(9, 12, 4);
  if (state === 'connecting') return [4, 9, 14].map((x) => ({ kind: 'circle', role: 'text', x, y: 12, radius: 1.2 }));
  return [];
}

function groupMark(members: readonly ConnFrame[], row: number, at: { x: number; y: number }, width: number): Mark {
  const states = ['connected', 'connecting', 'failed', 'not-started'] as const;
  const counts = states.map((state) => members.filter((conn) => conn.client === state).length);
  const shapes: Shape[] = [{ kind: 'rect', role: 'not-started', x: 0, y: 0, width, height: HEIGHT, radius: 2 }];
  let x = 0;
  states.forEach((state, index) => {
    const part = ((counts[index] as number) / members.length) * width;
    if (part > 0 && state !== 'not-started') shapes.push({ kind: 'rect', role: state, x, y: 0, width: part, height: HEIGHT, radius: 2 });
    x += part;
  });
  shapes.push(text('text', width / 2, 16, `${counts[0]}/${members.length}`, 'middle'));
  const first = members[0]?.id ?? '';
  const last = members.at(-1)?.id ?? '';
  const told = states.map((state, index) => ({ state, count: counts[index] as number })).filter(({ count }) => count > 0);
  return { id: `clients-${row}`, ...at, name: `${first} to ${last}: ${told.map(({ state, count }) => `${count} ${state.replace('-', ' ')}`).join(', ')}.`, shapes };
}

function clientName(conn: ConnFrame, timeNs: number, knows: Knowledge): string {
  if (conn.client === 'not-started') return knows.measured ? `Nothing has been seen of ${conn.id} yet.` : `${conn.id} has not started.`;
  const syns = conn.syns > 0 ? `, ${plural(conn.syns, 'SYN')} sent` : '';
  const sinceNs = timeNs - (conn.startedNs ?? timeNs);
  if (conn.client === 'connecting') return `${conn.id} waits in connect() for ${formatTime(sinceNs)}${syns}.`;
  if (conn.client === 'failed') return `${conn.id}'s connect() failed: ${conn.error ?? 'no reason given'}${syns}.`;
  const believes = isDeceived(conn) ? ' It only believes so: its last ACK was turned away, and the server has no finished connection for it.' : '';
  return `${conn.id} is connected, after ${formatTime((conn.connectedNs ?? 0) - (conn.startedNs ?? conn.connectedNs ?? 0))}${syns}.${believes}`;
}

/** At most four characters of a connection's name. */
export function shortId(id: string): string {
  if (id.length <= 4) return id;
  const digits = /\d{1,4}$/.exec(id)?.[0];
  return digits ?? `${id.slice(0, 3)}…`;
}
