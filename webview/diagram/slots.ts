import { formatNumber, formatTime } from '../format.ts';
import type { ConnFrame, Frame } from '../player/frame.ts';
import { shortId } from './clients.ts';
import { rowY, TOKEN_RADIUS, type Columns, type SlotColumn } from './columns.ts';
import type { Knowledge } from './limits.ts';
import { text, type Mark, type Shape } from './scene.ts';

/** A token's rim is full when its connection has waited this long: when a client's first SYN timer fires. */
export const FULL_AGE_NS = 1e9;

/** Both queues' contents: a token a connection where the trace knows who waits, counted cells where it knows only how many. */
export function queueMarks(frame: Frame, { syn, accept }: Columns, knows: Knowledge): Mark[] {
  const inOrder = (server: ConnFrame['server']): ConnFrame[] => frame.conns.filter((conn) => conn.server === server).sort((a, b) => a.order - b.order);
  const half = inOrder('half-open');
  const queued = inOrder('queued');
  return [
    ...(knows.places && syn.perCell === 1 ? tokens(half, syn, frame.timeNs) : counted('syn', 'SYN queue', knows.places ? half.length : frame.synQueue, syn, knows)),
    ...(knows.places && accept.perCell === 1 ? tokens(queued, accept, frame.timeNs) : counted('accept', 'accept queue', knows.places ? queued.length : frame.acceptQueue, accept, knows)),
  ];
}

/** What accept() has returned: tokens with their descriptors, the rest as a count. */
export function acceptedMarks(frame: Frame, { accepted, rows }: Columns, knows: Knowledge): Mark[] {
  const conns = frame.conns.filter((conn) => conn.server === 'accepted').sort((a, b) => a.order - b.order);
  const places = Math.max(1, Math.min(rows, accepted.cells));
  const shown = conns.length > places ? conns.slice(0, places - 1) : conns;
  const marks = shown.map((conn, row): Mark => {
    const number = conn.descriptor !== null && conn.descriptor > 0 ? String(conn.descriptor) : '';
    const descriptor = number.length > 2 || number === '' ? number : `fd ${number}`;
    const shapes: Shape[] = [{ kind: 'circle', role: 'accepted', x: 0, y: 0, radius: TOKEN_RADIUS }, text('text', 0, 4, shortId(conn.id), 'middle'), text('text-quiet', TOKEN_RADIUS + 3, 4, descriptor)];
    const name = `${conn.id} was accepted ${formatTime(frame.timeNs - conn.sinceNs)} ago${number === '' ? '' : `, descriptor ${number}`}.`;
    return { id: `token-${conn.id}`, x: accepted.x + TOKEN_RADIUS + 1, y: rowY(row), moves: knows.places, name, shapes };
  });
  const hidden = conns.length - shown.length;
  if (hidden === 0) return marks;
  return [...marks, { id: 'accepted-more', x: accepted.x, y: rowY(places - 1), name: `${hidden} more accepted.`, shapes: [text('text', 0, 4, `+${formatNumber(hidden)}`)] }];
}

function tokens(conns: readonly ConnFrame[], column: SlotColumn, timeNs: number): Mark[] {
  const shown = conns.slice(0, column.cells);
  return shown.map((conn, row) => ({ id: `token-${conn.id}`, x: column.x + column.width / 2, y: rowY(row), moves: true, name: tokenName(conn, row, timeNs), shapes: tokenShapes(conn, timeNs) }));
}

function tokenShapes(conn: ConnFrame, timeNs: number): Shape[] {
  const role = conn.server === 'half-open' ? 'half-open' : 'queued';
  const shapes: Shape[] = [{ kind: 'circle', role, x: 0, y: 0, radius: TOKEN_RADIUS }];
  if (role === 'half-open') shapes.push({ kind: 'path', role: 'half-fill', closed: true, points: halfDisc(TOKEN_RADIUS) });
  const share = (timeNs - conn.sinceNs) / FULL_AGE_NS;
  if (share > 0) shapes.push({ kind: 'arc', role: 'age', x: 0, y: 0, radius: TOKEN_RADIUS, share });
  return [...shapes, text('text', 0, 4, shortId(conn.id), 'middle')];
}

/** The lower half of a disc as a polygon. */
function halfDisc(radius: number): [number, number][] {
  return Array.from({ length: 13 }, (_, i) => [radius * Math.cos((i * Math.PI) / 12), radius * Math.sin((i * Math.PI) / 12)]);
}

function tokenName(conn: ConnFrame, row: number, timeNs: number): string {
  const waited = formatTime(timeNs - conn.sinceNs);
  if (conn.server === 'half-open') return `${conn.id} is half-open: the server has its SYN and waits for its ACK, for ${waited}.`;
  return `${conn.id} is number ${row + 1} in the accept queue: its handshake is done, it waits for accept(), for ${waited}.`;
}

/** Cells filled from the head by a count, each standing for `perCell` connections. */
function counted(id: 'syn' | 'accept', what: string, count: number, column: SlotColumn, knows: Knowledge): Mark[] {
  const role = knows.measured ? 'measured-count' : id === 'syn' ? 'half-fill' : 'queued';
  const cells = Math.ceil(count / column.perCell);
  return Array.from({ length: Math.min(cells, column.cells) }, (_, row) => {
    const here = Math.min(column.perCell, count - row * column.perCell);
    const width = ((column.width - 8) * here) / column.perCell;
    const shapes: Shape[] = [{ kind: 'rect', role, x: 0, y: -13, width, height: 26, radius: 4 }];
    if (column.perCell > 1) shapes.push(text('text', (column.width - 8) / 2, 4, formatNumber(here), 'middle'));
    return { id: `${id}-${row}`, x: column.x + 4, y: rowY(row), name: `${what}: ${formatNumber(count)} waiting; this cell holds ${formatNumber(here)}.`, shapes };
  });
}

