import { connectionIds } from '../player/fold.ts';
import type { Trace } from '../../src/shared/trace.ts';
import { cross, line, text, type Mark, type Scene, type Shape } from '../diagram/scene.ts';
import { formatNumber, formatTime } from '../format.ts';
import { createPlayer } from '../player/player.ts';
import { niceStep } from './timeScale.ts';

/**
 * Nanoseconds from each client's start to its connect() having succeeded; null where it never did. `plan` knows when they
 * started where the trace itself does not.
 */
export function connectTimes(trace: Trace, ids: readonly string[], plan?: Trace): ReadonlyMap<string, number | null> {
  const end = createPlayer(trace, ids).at(trace.timeNs.length);
  const planned = new Map(plan ? createPlayer(plan, ids).at(plan.timeNs.length).conns.map((conn) => [conn.id, conn.startedNs]) : []);
  return new Map(end.conns.map((conn) => [conn.id, conn.connectedNs === null ? null : Math.max(0, conn.connectedNs - (conn.startedNs ?? planned.get(conn.id) ?? 0))]));
}

const GUTTER = 44;
const TOP = 30;
const PLOT = 130;

/** How long each client's connect() took, in the order they came: predicted hollow, measured filled, the distance between them hatched. */
export function connectScene(predicted: Trace, measured: Trace, width: number): Scene {
  const ids = [...new Set([...connectionIds(predicted), ...connectionIds(measured)])];
  const said = connectTimes(predicted, ids);
  const seen = connectTimes(measured, ids, predicted);
  const times = [...said.values(), ...seen.values()].filter((time) => time !== null);
  const step = niceStep(Math.max(1e6, ...times) / 3);
  const top = step * Math.ceil(Math.max(1e6, ...times) / step);
  const right = width - 10;
  const bottom = TOP + PLOT;
  const never = [...said.values(), ...seen.values()].includes(null);
  const floor = never ? TOP + 22 : TOP;
  const y = (timeNs: number): number => bottom - (timeNs / top) * (bottom - floor);
  const x = (index: number): number => GUTTER + ((index + 0.5) * (right - GUTTER)) / Math.max(1, ids.length);
  const radius = ids.length > 40 ? 2.5 : 4;
  const shapes: Shape[] = [text('text', 0, 14, `time in connect(), ${top >= 1e9 ? 's' : 'ms'}`), line('axis', [GUTTER, bottom], [right, bottom])];
  for (let time = 0; time <= top; time += step) shapes.push(line('grid', [GUTTER, y(time)], [right, y(time)]), text('text-quiet', GUTTER - 6, y(time) + 4, formatNumber(time / (top >= 1e9 ? 1e9 : 1e6)), 'end'));
  if (never) shapes.push(text('text-quiet', GUTTER - 6, TOP + 6, 'never', 'end'));
  shapes.push(...labels(ids, x, bottom, width));
  const marks = ids.map((id, index): Mark => {
    const both = [said.get(id) ?? null, seen.get(id) ?? null].map((time) => ({ y: time === null ? TOP + 2 : y(time), never: time === null }));
    const [from, to] = both;
    const parts: Shape[] = [];
    if (from && to && Math.abs(from.y - to.y) > 2 * radius) parts.push(line('difference', [0, from.y], [0, to.y]));
    if (to) parts.push(...(to.never ? cross(radius + 2, to.y, radius - 0.5) : [{ kind: 'circle', role: 'measured-dot', x: 0, y: to.y, radius: radius - 1 } as const]));
    if (from) parts.push(...(from.never ? cross(-radius - 2, from.y, radius - 0.5) : [{ kind: 'circle', role: 'predicted-dot', x: 0, y: from.y, radius: radius + 1 } as const]));
    return { id: `connect-${id}`, x: x(index), y: 0, name: `${id}: predicted ${told(said.get(id))}, measured ${told(seen.get(id))}.`, shapes: parts };
  });
  return { width, height: bottom + 40, name: `Time in connect() of each of ${ids.length} clients, predicted and measured.`, shapes, marks };
}

function told(time: number | null | undefined): string {
  return time === undefined || time === null ? 'never connected' : formatTime(time);
}

/** As many client names as have room. */
function labels(ids: readonly string[], x: (index: number) => number, bottom: number, end: number): Shape[] {
  const shapes: Shape[] = [text('text-quiet', GUTTER, bottom + 36, 'client, in the order they started')];
  let right = -Infinity;
  ids.forEach((id, index) => {
    const half = (id.length * 6.9) / 2;
    if (x(index) - half < right + 6 || x(index) + half > end) return;
    right = x(index) + half;
    shapes.push(text('text-quiet', x(index), bottom + 19, id, 'middle'));
  });
  return shapes;
}

