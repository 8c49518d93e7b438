import { formatNumber, formatTime, plural } from '../format.ts';
import type { Axis } from '../player/playback.ts';
import type { KeyEntry, Retries, RetryRung } from './retries.ts';
import { chargedWords, ENTRY_WORDS, retryName } from './retriesWords.ts';
import { cross, line, text, textWidth, type Mark, type Role, type Scene, type Shape } from './scene.ts';

export interface RetriesOptions {
  /** At least 296. */
  readonly width: number;
  /** Which intent it is, from 0. */
  readonly intent: number;
  readonly axis: Axis;
  /** Rows of the trace that have happened. */
  readonly row: number;
}

/** Where the columns are. */
interface Columns {
  readonly bracket: number;
  readonly number: number;
  readonly client: number;
  readonly server: number;
  readonly effects: number;
  readonly width: number;
}

const TABLE_PX = 46;
const TOP = TABLE_PX + 40;
const RUNG_PX = 27;
const SLOPE_PX = 11;
/** What the lifelines span where time is to scale. */
const TIME_PX = 460;
/** Less than this apart, two rungs cannot both have words. */
const LABEL_PX = 24;
const DIAMOND_PX = 7;

/** One intent: client and server with time down, its attempts under one bracket, the server's table of keys, and a ◆ for each charge. */
export function retriesScene(retries: Retries, { width, intent, axis, row }: RetriesOptions): Scene {
  const { rungs } = retries;
  const columns = columnsOf(width);
  const tops = axis === 'time' ? byTime(rungs) : rungs.map((_, i) => TOP + i * RUNG_PX);
  const bottom = (axis === 'time' ? TOP + TIME_PX : TOP + rungs.length * RUNG_PX) + 10;
  const past = rungs.filter((rung) => rung.row <= row);
  const told = wordsAt(tops);
  const marks = rungs.map((rung, i): Mark => {
    const drawing = { columns, past: rung.row <= row, slope: axis === 'time' ? 0 : SLOPE_PX, merged: told.get(i) };
    return { id: `rung-${i}`, x: 0, y: tops[i] as number, name: retryName(rung), shapes: rungShapes(rung, drawing) };
  });
  const next = tops[past.length];
  const cursorY = next === undefined ? bottom : next - (axis === 'time' ? 0 : 12);
  return {
    width,
    height: bottom + 24,
    name: `Intent ${intent + 1}: ${formatNumber(past.length)} of ${formatNumber(rungs.length)} steps.`,
    shapes: [...frame(columns, bottom), line('cursor', [4, cursorY], [width - 4, cursorY])],
    marks: [keyTable(past.at(-1)?.entry ?? rungs[0]?.entry ?? 'no-key', intent, past.length > 0, width), bracket(retries, columns, tops, bottom), ...marks, sum(past, columns, bottom, width)],
  };
}

function columnsOf(width: number): Columns {
  const client = 56;
  const server = Math.round(client + (width - client) * 0.42);
  return { bracket: 10, number: 30, client, server, effects: server + Math.max(42, Math.round(width * 0.09)), width };
}

function byTime(rungs: readonly RetryRung[]): number[] {
  const spanNs = Math.max(1, rungs.at(-1)?.timeNs ?? 1);
  return rungs.map(({ timeNs }) => TOP + (timeNs / spanNs) * TIME_PX);
}

/** Which rungs there is room to label, and how many behind each there is none for. */
function wordsAt(tops: readonly number[]): ReadonlyMap<number, number> {
  const told = new Map<number, number>();
  let last = -1;
  tops.forEach((top, i) => {
    if (last >= 0 && top - (tops[last] as number) < LABEL_PX) told.set(last, (told.get(last) ?? 0) + 1);
    else told.set((last = i), 0);
  });
  return told;
}

function frame({ client, server, effects }: Columns, bottom: number): Shape[] {
  const head = TOP - 22;
  return [
    text('text-quiet', client, head, 'client', 'middle'),
    text('text-quiet', server, head, 'server', 'middle'),
    text('text-quiet', effects - DIAMOND_PX, head, 'charges'),
    line('axis', [client, head + 6], [client, bottom]),
    line('axis', [server, head + 6], [server, bottom]),
    line('lane', [effects, head + 6], [effects, bottom]),
  ];
}

/** What the server keeps of the key, as a table with one row. */
function keyTable(now: KeyEntry, intent: number, begun: boolean, width: number): Mark {
  const entry: KeyEntry = begun || now === 'no-key' ? now : 'empty';
  const kept = entry === 'at-work' || entry === 'reply';
  const left = Math.max(0, Math.round((width - 296) / 2));
  const shapes: Shape[] = [
    text('text-quiet', 4, 26, 'Key table'),
    { kind: 'rect', role: kept ? (entry === 'reply' ? 'accepted' : 'connecting') : 'not-started', x: 66, y: 8, width: 84, height: 28, radius: 3 },
    { kind: 'rect', role: kept ? 'slot' : 'not-started', x: 150, y: 8, width: 110, height: 28, radius: 3 },
    text(kept ? 'text-strong' : 'text-quiet', 108, 26, kept ? `key ${intent + 1}` : entry === 'no-key' ? 'no key sent' : 'no key', 'middle'),
    text(kept ? 'text' : entry === 'forgotten' ? 'text-lost' : 'text-quiet', 205, 26, ENTRY_WORDS[entry], 'middle'),
  ];
  return { id: 'keys', x: left, y: 0, name: `The server’s table of keys: ${kept ? `key ${intent + 1}, ${ENTRY_WORDS[entry]}` : ENTRY_WORDS[entry]}.`, shapes };
}

/** All attempts are one intent. */
function bracket({ attempts }: Retries, { bracket: x }: Columns, tops: readonly number[], bottom: number): Mark {
  const [from, to] = [(tops[0] ?? TOP) - 9, bottom - 8];
  return { id: 'intent', x: 0, y: 0, name: `One intent, ${plural(attempts, 'attempt')}: the client wants this once.`, shapes: [line('bracket', [x + 6, from], [x, from], [x, to], [x + 6, to])] };
}

/** Under the effects lane: how often the customer was charged by now. */
function sum(past: readonly RetryRung[], { effects }: Columns, bottom: number, width: number): Mark {
  const charges = past.filter(({ kind }) => kind === 'charge').length;
  const role: Role = charges > 1 ? 'text-lost' : charges === 1 ? 'text-strong' : 'text-quiet';
  const label = charges > 1 ? `wanted once, ${chargedWords(charges)}` : chargedWords(charges);
  return { id: 'sum', x: 0, y: bottom, name: `By now this intent is ${label}.`, shapes: [text(role, Math.min(effects - DIAMOND_PX, width - 4 - textWidth(label, role)), 16, label)] };
}

interface Drawing {
  readonly columns: Columns;
  /** It has happened. */
  readonly past: boolean;
  /** How far an arrow falls. */
  readonly slope: number;
  /** How many rungs behind it share its words; undefined where it has none itself. */
  readonly merged: number | undefined;
}

function rungShapes(rung: RetryRung, drawing: Drawing): Shape[] {
  const { columns, past } = drawing;
  const { client, server, effects } = columns;
  const words: Role = past ? 'text' : 'text-quiet';
  switch (rung.kind) {
    case 'attempt':
      return [...attemptNumber(rung.attempt, columns, past), ...arrow(client, server, rung.lost, drawing), ...between(rung.lost ? 'request lost' : 'request', past && rung.lost ? 'text-lost' : words, drawing)];
    case 'reply-lost':
      return [...arrow(server, client, true, drawing), ...between('reply lost', past ? 'text-lost' : words, drawing)];
    case 'reply-late':
      return [...arrow(server, client, false, drawing), ...between('too late', past ? 'text-lost' : words, drawing)];
    case 'answered':
      return [...arrow(server, client, false, drawing), ...between(`reply, ${formatTime(rung.latencyNs)}`, past ? 'text-strong' : words, drawing)];
    case 'charge':
      return [toEffect(columns), diamond(effects, past ? (rung.count > 1 ? 'failed' : 'accepted') : 'not-started'), ...beside(effects + 12, `charge ${formatNumber(rung.count)}`, past && rung.count > 1 ? 'text-lost' : words, drawing)];
    case 'duplicate':
      return [toEffect(columns), dot(server, past), ...beside(effects + 12, 'no charge', words, drawing)];
    case 'crash':
      return [toEffect(columns), ...(past ? cross(server, 0, 6) : [dot(server, false)]), ...beside(effects + 12, 'killed', past ? 'text-lost' : words, drawing)];
    case 'timeout':
      return [dot(client, past), ...beside(client + 10, 'time-out', words, drawing)];
    case 'give-up':
      return [...(past ? cross(client, 0, 6) : [dot(client, false)]), ...beside(client + 10, 'gives up', past ? 'text-lost' : words, drawing)];
    case 'wait':
      return [{ kind: 'rect', role: past ? 'connecting' : 'not-started', x: client - 5, y: -6, width: 10, height: 16, radius: 3 }, ...beside(client + 10, `waits ${formatTime(rung.delayNs)}`, words, drawing)];
  }
}

function attemptNumber(attempt: number, { number }: Columns, past: boolean): Shape[] {
  return [
    { kind: 'circle', role: past ? 'connected' : 'not-started', x: number, y: 0, radius: 9 },
    text(past ? 'text-strong' : 'text-quiet', number, 4, String(attempt), 'middle'),
  ];
}

/** Leads from the server's lifeline to what is said of it. */
function toEffect({ server, effects }: Columns): Shape {
  return line('lane', [server, 0], [effects + 8, 0]);
}

function dot(x: number, past: boolean): Shape {
  return { kind: 'circle', role: past ? 'measured-dot' : 'predicted-dot', x, y: 0, radius: 4 };
}

function diamond(x: number, role: Role): Shape {
  return { kind: 'path', role, closed: true, points: [[x, -DIAMOND_PX], [x + DIAMOND_PX, 0], [x, DIAMOND_PX], [x - DIAMOND_PX, 0]] };
}

/** From one lifeline to the other; half of it, and a ✕, where it is lost. */
function arrow(from: number, to: number, lost: boolean, { past, slope }: Drawing): Shape[] {
  const role: Role = past ? 'segment-data' : 'ghost-arrow';
  if (lost) {
    const half = (from + to) / 2;
    const head = past ? cross(half, slope / 2, 5) : [];
    return [line(role, [from, 0], [half, slope / 2]), ...head];
  }
  const direction = to > from ? 1 : -1;
  const head: Shape = { kind: 'path', role: past ? 'arrow-head' : 'ghost-arrow', closed: true, points: [[to, slope], [to - direction * 8, slope - 4], [to - direction * 8, slope + 3]] };
  return [line(role, [from, 0], [to - direction * 6, slope]), head];
}

/** Words over an arrow. */
function between(label: string, role: Role, drawing: Drawing): Shape[] {
  const { client, server } = drawing.columns;
  return beside((client + server) / 2, label, role, drawing, -3, 'middle');
}

function beside(x: number, label: string, role: Role, { merged, columns }: Drawing, y = 4, anchor: 'start' | 'middle' = 'start'): Shape[] {
  if (merged === undefined) return [];
  const words = merged === 0 ? label : `${label}, +${merged}`;
  return [text(role, anchor === 'start' ? Math.min(x, columns.width - textWidth(words, role)) : x, y, words, anchor)];
}
