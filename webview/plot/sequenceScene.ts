import { cross, line, text, type Mark, type Scene, type Shape } from '../diagram/scene.ts';
import type { Buffers, DataSegment } from '../diagram/buffers.ts';
import { formatBytes, isShut } from '../diagram/buffersWords.ts';
import { formatTime, plural } from '../format.ts';
import { timeAxis } from './timeAxis.ts';
import { niceStep, type TimeScale } from './timeScale.ts';

export interface SequenceOptions {
  readonly width: number;
  readonly scale: TimeScale;
  /** Bytes at the top of the plot. */
  readonly highest: number;
}

const TITLE = 26;
const HEIGHT = 190;
const AXIS = 38;
/** Segments nearer to one another than this are drawn as one. */
const MERGE_PX = 7;
const SERIF_PX = 3;

/** Left edge of the plot: room for the bytes' labels. */
export const SEQUENCE_GUTTER = 70;

/** Time against sequence: the stairs of what is acknowledged and of how far the window reaches, and between them each segment from its first byte to its last. */
export function sequenceScene(buffers: Buffers, { width, scale, highest }: SequenceOptions): Scene {
  const bottom = TITLE + HEIGHT;
  const y = (bytes: number): number => bottom - (Math.min(bytes, highest) / highest) * (HEIGHT - 10);
  const end = scale.right;
  const windows = buffers.announcements.map(({ timeNs, windowEnd }) => [timeNs, windowEnd] as const);
  const shapes: Shape[] = [
    text('text', 0, 16, `Bytes of the stream${buffers.seesSegments ? '' : ' (no segments seen)'}`),
    ...gaps(scale, bottom),
    ...byteAxis(highest, y, scale),
    line('axis', [scale.left, bottom], [end, bottom]),
    ...(windows.length > 0 ? [line('stair-window', ...stairs(windows, scale, y))] : []),
    line('stair-ack', ...stairs(buffers.acks, scale, y)),
    ...timeAxis(scale, bottom),
  ];
  const marks = [...segmentMarks(buffers.segments, scale, y), ...shutMarks(buffers, scale, y)].sort((a, b) => a.x - b.x);
  return { width, height: bottom + AXIS, name: 'Time against sequence: segments between what is acknowledged and how far the window reaches.', shapes, marks };
}

/** The highest byte that any of these pictures has to show. */
export function highestOf(sides: readonly Buffers[]): number {
  const tops = sides.flatMap(({ segments, announcements, acks }) => [...segments.map(({ to }) => to), ...announcements.map(({ windowEnd }) => windowEnd), ...acks.map(([, bytes]) => bytes)]);
  return tops.reduce((most, top) => Math.max(most, top), 1);
}

function gaps(scale: TimeScale, bottom: number): Shape[] {
  return scale.gaps.map(({ from, to }): Shape => ({ kind: 'rect', role: 'gap', x: from, y: TITLE, width: to - from, height: bottom - TITLE }));
}

function byteAxis(highest: number, y: (bytes: number) => number, scale: TimeScale): Shape[] {
  const unit = highest >= 2 * 1024 ** 2 ? 1024 ** 2 : 1024;
  const step = Math.max(1024, niceStep(highest / unit / 4) * unit);
  const shapes: Shape[] = [];
  for (let bytes = 0; bytes <= highest; bytes += step) shapes.push(text('text-quiet', scale.left - 6, y(bytes) + 4, formatBytes(bytes), 'end'), line('grid', [scale.left, y(bytes)], [scale.right, y(bytes)]));
  return shapes;
}

/** A stair line with at most a few points a pixel. */
function stairs(values: readonly (readonly [timeNs: number, bytes: number])[], scale: TimeScale, y: (bytes: number) => number): [number, number][] {
  const points: [number, number][] = [[scale.left, y(0)]];
  for (const [timeNs, bytes] of values) {
    const x = scale.xOfTime(timeNs);
    const [lastX, lastY] = points.at(-1) as [number, number];
    if (y(bytes) === lastY) continue;
    if (x - lastX > 0.25) points.push([x, lastY]);
    else if (points.length > 1200) points.pop();
    points.push([x, y(bytes)]);
  }
  return [...points, [scale.right, (points.at(-1) as [number, number])[1]]];
}

/** I-beams; what would lie on one another is one beam with its count. */
function segmentMarks(segments: readonly DataSegment[], scale: TimeScale, y: (bytes: number) => number): Mark[] {
  const groups: { x: number; all: DataSegment[] }[] = [];
  for (const segment of segments) {
    const x = scale.xOfTime(segment.timeNs);
    const last = groups.at(-1);
    if (last && x - last.x < MERGE_PX && last.all.every(({ again }) => again === segment.again)) last.all.push(segment);
    else groups.push({ x, all: [segment] });
  }
  return groups.map(({ x, all }) => beam(x, all, y));
}

function beam(x: number, all: readonly DataSegment[], y: (bytes: number) => number): Mark {
  const first = all[0] as DataSegment;
  const from = Math.min(...all.map((segment) => segment.from));
  const to = Math.max(...all.map((segment) => segment.to));
  const top = y(to);
  const bottom = y(from);
  const lost = all.filter((segment) => segment.lost).length;
  const role = lost === all.length ? 'segment-lost' : 'segment-data';
  const shapes: Shape[] = [line(role, [0, 0], [0, bottom - top]), line(role, [-SERIF_PX, 0], [SERIF_PX, 0]), line(role, [-SERIF_PX, bottom - top], [SERIF_PX, bottom - top])];
  for (const segment of all) if (segment.lost) shapes.push(...cross(0, y((segment.from + segment.to) / 2) - top, 3.5));
  if (first.again) shapes.push(text('text', 0, -3, 'R', 'middle'));
  const what = all.length === 1 ? `a segment of ${formatBytes(to - from)}` : `${plural(all.length, 'segment')}, ${formatBytes(to - from)} together`;
  const fate = lost > 0 ? `, of which ${lost} lost on the way` : '';
  const name = `At ${formatTime(first.timeNs)}: ${what}${first.again ? ', sent again' : ''}${fate}.`;
  return { id: `segment-${first.row}`, x, y: top, name, shapes };
}

/** Where the window shuts. */
function shutMarks({ announcements }: Buffers, scale: TimeScale, y: (bytes: number) => number): Mark[] {
  const marks: Mark[] = [];
  announcements.forEach((news, index) => {
    const before = announcements[index - 1];
    if (!isShut(news) || (before && isShut(before))) return;
    const name = `At ${formatTime(news.timeNs)} the window is shut: ${formatBytes(news.acked)} are acknowledged, and nothing more may come.`;
    marks.push({ id: `shut-${index}`, x: scale.xOfTime(news.timeNs), y: y(news.acked), name, shapes: [{ kind: 'rect', role: 'window-shut', x: -3, y: -3, width: 6, height: 6 }] });
  });
  return marks;
}
