import { formatTime } from '../format.ts';
import type { Flight, Frame } from '../player/frame.ts';
import { rowY, type Columns } from './columns.ts';
import { cross, line, text, textWidth, type Mark, type Shape } from './scene.ts';

const HEIGHT = 18;
/** At the lane's end, for the ✕ of what is turned away there. */
const END = 17;

/** What is on the wire, a pill a lane: the newest segment there, and how many more. Lost ones end in ✕ half-way, dropped ones at the server. */
export function segmentMarks(frame: Frame, columns: Columns): Mark[] {
  const laneOf = new Map(frame.conns.map((conn, index) => [conn.id, Math.floor(index / columns.clients.perCell)]));
  const lanes = new Map<number, Flight[]>();
  for (const flight of frame.flights) {
    const lane = laneOf.get(flight.conn) ?? 0;
    lanes.set(lane, [...(lanes.get(lane) ?? []), flight]);
  }
  const fallen = new Set(frame.fallen.map(({ conn }) => conn));
  return [...lanes].map(([lane, flights]) => pill(frame, columns, lane, flights, fallen));
}

function pill(frame: Frame, { wire }: Columns, lane: number, flights: readonly Flight[], fallen: ReadonlySet<string | null>): Mark {
  const flight = flights.at(-1) as Flight;
  const more = flights.length - 1;
  const room = wire.right - wire.left - END;
  const label = [`${flight.label} +${more}`, flight.label].find((words) => (more > 0 || words === flight.label) && textWidth(words) + 6 <= room) ?? flight.label;
  const width = Math.min(room, textWidth(label) + 6);
  const lost = flight.arriveNs === null;
  const dropped = fallen.has(flight.conn) && flight.from === 'client';
  const way = lost ? 0.5 : progress(flight, frame.timeNs);
  const reach = room - width;
  const fromClient = flight.from === 'client';
  const left = wire.left + (fromClient ? way * reach : (1 - way) * reach);
  const start = fromClient ? wire.left : wire.right - END;
  const end = fromClient ? left : left + width;
  const shapes: Shape[] = [
    line('ghost', [start - left, 0], [end - left, 0]),
    { kind: 'rect', role: lost || dropped ? 'segment-lost' : 'segment', x: 0, y: -HEIGHT / 2, width, height: HEIGHT, radius: 9 },
    text('text', width / 2, 4, label, 'middle'),
    ...head(fromClient, width),
  ];
  if (lost) shapes.push(...cross(fromClient ? width + 8 : -8, 0, 4.5));
  return { id: `segment-${flight.row}`, x: left, y: rowY(lane), moves: true, name: nameOf(flight, more, lost, dropped), shapes };
}

/** An arrowhead on the side that the segment goes to. */
function head(fromClient: boolean, width: number): Shape[] {
  const tip = fromClient ? width + 4 : -4;
  const base = fromClient ? width : 0;
  return [{ kind: 'path', role: 'segment', closed: true, points: [[base, -4], [tip, 0], [base, 4]] }];
}

function progress(flight: Flight, timeNs: number): number {
  const span = (flight.arriveNs as number) - flight.sentNs;
  return span <= 0 ? 1 : Math.min(1, Math.max(0, (timeNs - flight.sentNs) / span));
}

function nameOf(flight: Flight, more: number, lost: boolean, dropped: boolean): string {
  const who = flight.from === 'client' ? `${flight.label} from ${flight.conn} to the server` : `${flight.label} from the server to ${flight.conn}`;
  const fate = lost ? ', lost on the way' : dropped ? ', turned away at the server' : '';
  return `${who}, sent at ${formatTime(flight.sentNs)}${fate}.${more > 0 ? ` ${more} more on this lane.` : ''}`;
}
