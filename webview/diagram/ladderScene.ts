import type { TcpHost } from '../../src/shared/tcpTrace.ts';
import { formatNumber, formatTime } from '../format.ts';
import type { Axis } from '../player/playback.ts';
import { headerBar } from './headerBar.ts';
import type { Ladder, Rung, Wait } from './ladder.ts';
import { GAP_PX, layoutOf, TOP, wholeLayout, type LadderLayout } from './ladderLayout.ts';
import { rungName, waitName } from './ladderWords.ts';
import { cross, line, text, textWidth, type Mark, type Role, type Scene, type Shape } from './scene.ts';

export interface LadderOptions {
  /** At least 296. */
  readonly width: number;
  readonly conn: string;
  readonly axis: Axis;
  /** Nanoseconds from the connection's start. */
  readonly timeNs: number;
  /** Rows of the trace that have happened. */
  readonly row: number;
  /** All that has happened, however long; else the part around the moment, as high as the panel's. */
  readonly whole?: boolean;
}

interface Lines {
  readonly client: number;
  readonly server: number;
}

const GUTTER = 76;
const EDGE = 30;
const WAIT_PX = 10;
/** A wait shorter than this has no length that could be seen. */
const SHORTEST_WAIT_NS = 1e6;
/** Between two times in the gutter where time is to scale. */
const LABEL_PX = 15;

/** Two lifelines, time down: segments slope across, and what an end puts off lies on its line until it is done. */
export function ladderScene(ladder: Ladder, options: LadderOptions): Scene {
  const { width, row, axis, timeNs, conn } = options;
  const lines: Lines = { client: GUTTER, server: width - EDGE };
  const now = ladder.rungs.filter((rung) => rung.row <= row).length;
  const layout = options.whole ? wholeLayout(ladder, now) : layoutOf(ladder, axis, now, timeNs);
  const waits = ladder.waits.filter((wait) => lengthOf(wait, ladder) >= SHORTEST_WAIT_NS && wait.fromRung < layout.end && wait.toRung >= layout.first);
  const { bottom } = layout;
  const shapes = [...lifelines(lines, bottom), ...gapShapes(layout, waits, lines, now), ...cursor(layout, now, width)];
  const marks = [...waits.map((wait) => waitMark(wait, ladder, layout, lines, now)), ...rungMarks(ladder, layout, lines, now, axis)];
  const bar = headerBar(ladder.rungs.slice(0, now), width, bottom + 14);
  const name = `The connection ${conn} as a ladder: ${formatNumber(now)} of ${formatNumber(ladder.rungs.length)} steps, at ${formatTime(timeNs)}.`;
  return { width, height: bottom + 14 + bar.height, name, shapes: [...shapes, ...bar.shapes], marks: [...marks, ...bar.marks] };
}

function lifelines({ client, server }: Lines, bottom: number): Shape[] {
  return [
    text('text-quiet', client, 14, 'client', 'middle'),
    text('text-quiet', server, 14, 'server', 'middle'),
    line('axis', [client, TOP - 12], [client, bottom]),
    line('axis', [server, TOP - 12], [server, bottom]),
  ];
}

/** A zigzag across both lines for a wait that the rank axis leaves out, with its length and what it was spent on. */
function gapShapes({ gaps }: LadderLayout, waits: readonly Wait[], { client, server }: Lines, now: number): Shape[] {
  return gaps.flatMap(({ y, spanNs, before }): Shape[] => {
    const middle = y + GAP_PX / 2 + 3;
    const here = waits.filter((wait) => wait.fromRung < before && wait.toRung >= before);
    const held = here.find((wait) => wait.what === 'held');
    const put = here.find((wait) => wait.what === 'delayed-ack');
    const role: Role = before <= now ? 'text' : 'text-quiet';
    const tooth = (x: number): Shape => line('zigzag', [x, middle - 9], [x - 5, middle - 4], [x + 5, middle + 4], [x, middle + 9]);
    const words: Shape[] = [text('text-strong', GUTTER - 14, middle + 1, formatTime(spanNs), 'end')];
    if (held) words.push(text(role, heldAt(held, client, server), middle + 1, `${formatNumber(held.lengthBytes)} B wait`, held.host === 'client' ? 'start' : 'end'));
    if (put) words.push(text(role, put.host === 'client' ? client + 14 : server - 14, middle + 1, 'ACK waits', put.host === 'client' ? 'start' : 'end'));
    return [tooth(client), tooth(server), ...words];
  });
}

function heldAt({ host }: Wait, client: number, server: number): number {
  return host === 'client' ? client + 14 : server - 14;
}

function cursor(layout: LadderLayout, now: number, width: number): Shape[] {
  if (now < layout.first || now > layout.end) return [];
  const y = now >= layout.end ? layout.bottom : layout.y(now) - 13;
  return [line('cursor', [4, y], [width - 4, y])];
}

function rungMarks(ladder: Ladder, layout: LadderLayout, lines: Lines, now: number, axis: Axis): Mark[] {
  const tops = Array.from({ length: layout.end - layout.first }, (_, i) => layout.y(layout.first + i));
  const told = toldOf(tops);
  return ladder.rungs.slice(layout.first, layout.end).map((rung, i): Mark => {
    const index = layout.first + i;
    const y = tops[i] as number;
    const before = ladder.rungs[index - 1];
    const sameTime = axis === 'events' && i > 0 && before !== undefined && formatTime(before.timeNs) === formatTime(rung.timeNs);
    const past = index < now;
    const merged = told.get(i);
    const shapes: Shape[] = merged !== undefined && !sameTime ? [text(past ? 'text' : 'text-quiet', GUTTER - 14, 4, formatTime(rung.timeNs), 'end')] : [];
    return { id: `rung-${index}`, x: 0, y, name: rungName(rung), shapes: [...shapes, ...rungShapes(rung, { lines, layout, past, merged, room: layout.bottom - y })] };
  });
}

/** Which rungs there is room to label, and how many behind each there is none for. */
function toldOf(tops: readonly number[]): ReadonlyMap<number, number> {
  const told = new Map<number, number>();
  let last = -1;
  tops.forEach((top, i) => {
    if (last >= 0 && top - (tops[last] as number) < LABEL_PX) told.set(last, (told.get(last) ?? 0) + 1);
    else told.set((last = i), 0);
  });
  return told;
}

interface Drawing {
  readonly lines: Lines;
  readonly layout: LadderLayout;
  /** It has happened. */
  readonly past: boolean;
  /** How many rungs behind it share its words; undefined where it has none itself. */
  readonly merged: number | undefined;
  /** Pixels down to the end of the view. */
  readonly room: number;
}

function rungShapes(rung: Rung, drawing: Drawing): Shape[] {
  const { lines, past, merged } = drawing;
  if (rung.kind === 'segment') return arrow(rung, drawing);
  const words: Role = past ? 'text' : 'text-quiet';
  const inward = rung.host === 'client' ? 14 : -14;
  const anchor = rung.host === 'client' ? 'start' : 'end';
  const beside = (role: Role, label: string): Shape[] => (merged !== undefined ? [text(role, lines[rung.host] + inward, 4, withMerged(label, merged), anchor)] : []);
  const dot: Shape = { kind: 'circle', role: past ? 'measured-dot' : 'predicted-dot', x: lines[rung.host], y: 0, radius: 4 };
  if (rung.kind === 'answer') return [dot, ...beside(past ? 'text-strong' : words, `answer after ${formatTime(rung.latencyNs)}`)];
  if (rung.kind === 'timer') return [dot, ...beside(words, 'the ACK’s timer is over')];
  return [dot, ...beside(words, `${rung.kind} ${formatNumber(rung.lengthBytes)} B`)];
}

/** Sloped to scale where time is; cut off where the view ends, in ✕ where it is lost. */
function arrow(rung: Extract<Rung, { kind: 'segment' }>, { lines, layout, past, merged, room }: Drawing): Shape[] {
  const from = lines[rung.host];
  const to = lines[other(rung.host)];
  const direction = to > from ? 1 : -1;
  const whole = layout.slope((rung.arriveNs ?? rung.timeNs) - rung.timeNs);
  const seen = whole > room ? room / whole : 1;
  const data = rung.lengthBytes > 0;
  const role: Role = !past ? 'ghost-arrow' : data ? 'segment-data' : 'segment-ack';
  const label = merged !== undefined ? arrowLabel(rung, merged, lines, { fall: whole, seen }, past ? 'text' : 'text-quiet') : [];
  if (rung.arriveNs === null) {
    const half = (from + to) / 2;
    return [line(role, [from, 0], [half, 6]), ...cross(half, Math.min(6, room - 5), 5), ...label];
  }
  if (seen < 1) return [line(role, [from, 0], [from + (to - from) * seen, room]), ...label];
  const head: Shape = { kind: 'path', role: past ? 'arrow-head' : 'ghost-arrow', closed: true, points: [[to, whole], [to - direction * 8, whole - 4], [to - direction * 8, whole + 3]] };
  return [line(role, [from, 0], [to - direction * 6, whole]), head, ...label];
}

/** Above its line, nearer to where it comes from. */
function arrowLabel(rung: Extract<Rung, { kind: 'segment' }>, merged: number, { client, server }: Lines, { fall, seen }: { fall: number; seen: number }, role: Role): Shape[] {
  const label = withMerged(rung.label === 'ACK' && rung.ackedBytes > 0 ? `ACK ${formatNumber(rung.ackedBytes)}` : rung.label, merged);
  const along = 3 / 8;
  const half = textWidth(label) / 2 / (server - client);
  if (along + half > seen) return [];
  const x = rung.host === 'client' ? client + along * (server - client) : server - along * (server - client);
  return [text(role, x, fall * (along - half) - 3, label, 'middle')];
}

/** What lies too close to be labelled is counted. */
function withMerged(label: string, merged: number): string {
  return merged === 0 ? label : `${label}, +${merged}`;
}

function waitMark(wait: Wait, ladder: Ladder, layout: LadderLayout, lines: Lines, now: number): Mark {
  const top = Math.max(TOP - 6, layout.y(wait.fromRung));
  const bottom = Math.max(top + 4, Math.min(layout.bottom, layout.y(wait.toRung)));
  const x = lines[wait.host] - WAIT_PX / 2;
  const role: Role = now > wait.fromRung ? (wait.what === 'held' ? 'connecting' : 'put-off') : 'not-started';
  const shapes: Shape[] = [{ kind: 'rect', role, x: 0, y: 0, width: WAIT_PX, height: bottom - top, radius: 3 }];
  return { id: `wait-${wait.what}-${wait.fromRung}`, x, y: top, name: waitName(wait, ladder), shapes };
}

function lengthOf(wait: Wait, { rungs }: Ladder): number {
  return (wait.toNs ?? rungs.at(-1)?.timeNs ?? wait.fromNs) - wait.fromNs;
}

function other(host: TcpHost): TcpHost {
  return host === 'client' ? 'server' : 'client';
}
