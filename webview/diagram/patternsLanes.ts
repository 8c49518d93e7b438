import { waitingCounts, type Backend, type ServedRequest } from './patterns.ts';
import { laneName } from './patternsWords.ts';
import { cross, line, type Mark, type Point, type Shape } from './scene.ts';

type Scale = (timeNs: number) => number;

/** How many wait over time, on a scale that all servers have. */
export function queueShapes({ requests }: Backend, top: number, height: number, most: number, x: Scale): Shape[] {
  const bottom = top + height;
  const y = (count: number): number => bottom - (count / most) * (height - 2);
  const points: Point[] = [[x(0), bottom]];
  for (const [timeNs, count] of waitingCounts(requests)) points.push([x(timeNs), (points.at(-1) as Point)[1]], [x(timeNs), y(count)]);
  points.push([x(Infinity), (points.at(-1) as Point)[1]]);
  const shapes: Shape[] = [
    { kind: 'path', role: 'bytes-waiting', closed: true, points: [...points, [x(Infinity), bottom], [x(0), bottom]] },
    line('axis', [x(0), bottom], [x(Infinity), bottom]),
  ];
  // Arrivals, the same at every server.
  for (const { arrive } of requests) shapes.push(line('axis', [x(arrive.timeNs), bottom], [x(arrive.timeNs), bottom + 3]));
  return shapes;
}

/** A lane for each worker: filled while it computes, a thin line while its requests are in I/O; hatched, below what it computes instead, while they wait for it again. */
export function laneMarks(backend: Backend, lanes: number, top: number, pitch: number, x: Scale): Mark[] {
  return Array.from({ length: lanes }, (_, lane): Mark => {
    const own = backend.requests.filter((request) => request.lane === lane);
    const shapes: Shape[] = [line('grid', [x(0), pitch - 1], [x(Infinity), pitch - 1]), ...own.flatMap((request) => requestShapes(request, pitch, x))];
    const { crash } = backend;
    if (crash?.lane === lane) shapes.push(...cross(x(crash.timeNs), pitch / 2 - 1, 4));
    return { id: `lane-${lane}`, x: 0, y: top + lane * pitch, name: laneName(backend, lane), shapes };
  });
}

/** Who waits waits for a worker that computes: one above the other. */
const COMPUTES = { y: 1, height: 6 };
const WAITS = { y: 7, height: 3 };

function requestShapes({ start, io, ready, resume, depart, lost }: ServedRequest, pitch: number, x: Scale): Shape[] {
  if (!start) return [];
  const end = (depart ?? lost)?.timeNs ?? Infinity;
  const bar = (role: 'bytes-flying' | 'bytes-waiting', from: number, until: number): Shape => ({ kind: 'rect', role, x: x(from), ...(role === 'bytes-flying' ? COMPUTES : WAITS), width: Math.max(1, x(until) - x(from)) });
  const shapes = [bar('bytes-flying', start.timeNs, io?.timeNs ?? end)];
  if (io) shapes.push(line('axis', [x(io.timeNs), pitch / 2 - 1], [x(ready?.timeNs ?? resume?.timeNs ?? end), pitch / 2 - 1]));
  if (ready) shapes.push(bar('bytes-waiting', ready.timeNs, resume?.timeNs ?? end));
  if (resume) shapes.push(bar('bytes-flying', resume.timeNs, end));
  return shapes;
}

/** What a lane shows, for the legend. */
export const LANE_SAMPLES: readonly { readonly words: string; readonly shapes: readonly Shape[] }[] = [
  { words: 'computes', shapes: [{ kind: 'rect', role: 'bytes-flying', x: 1, y: 4, width: 18, height: 12 }] },
  { words: 'is in I/O', shapes: [line('axis', [1, 10], [19, 10])] },
  { words: 'waits', shapes: [{ kind: 'rect', role: 'bytes-waiting', x: 1, y: 4, width: 18, height: 12 }] },
  { words: 'crashed', shapes: cross(10, 10, 4) },
  { words: 'arrivals', shapes: [line('axis', [1, 10], [19, 10]), line('axis', [6, 10], [6, 14]), line('axis', [12, 10], [12, 14])] },
  { words: 'a latency: quick, heavy', shapes: [{ kind: 'circle', role: 'measured-count', x: 4, y: 10, radius: 3 }, { kind: 'rect', role: 'slot', x: 11, y: 7, width: 6, height: 6 }] },
  { words: 'half, or 9 in 10, of the quick ones', shapes: [line('cap', [10, 2], [10, 18])] },
];
