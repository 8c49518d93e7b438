import { PATTERNS_KIND } from '../../src/shared/patternsTrace.ts';
import { eventAt, type Trace } from '../../src/shared/trace.ts';

/** Something that happened: when, and in which row of the trace. */
export interface Happened {
  readonly timeNs: number;
  readonly row: number;
}

/** One request's life at one server. */
export interface ServedRequest {
  readonly index: number;
  readonly className: string;
  readonly classIndex: number;
  readonly arrive: Happened;
  readonly start: Happened | null;
  /** The lane of who started on it; −1 before. */
  readonly lane: number;
  readonly io: Happened | null;
  readonly ready: Happened | null;
  readonly resume: Happened | null;
  readonly depart: Happened | null;
  readonly lost: Happened | null;
  /** Lost since nobody listened. */
  readonly refused: boolean;
}

/** One server of a comparison, with all that happened at it. */
export interface Backend {
  readonly id: string;
  readonly title: string;
  readonly pattern: string;
  /** Its lasting workers, or with a process per connection the most that were there at once. */
  readonly lanes: number;
  readonly requests: readonly ServedRequest[];
  readonly crash: (Happened & { readonly lane: number }) | null;
  readonly respawn: Happened | null;
  /** Null where it is not told. */
  readonly memoryBytes: number | null;
  /** Of the first class, whose wait is not its own doing; null where none of it was answered. */
  readonly tail: Tail | null;
}

/** Nearest ranks of latencies, in ns, and of how many. */
export interface Tail {
  readonly className: string;
  readonly count: number;
  readonly p50Ns: number;
  readonly p90Ns: number;
  readonly slowestNs: number;
}

export interface Backends {
  readonly backends: readonly Backend[];
  readonly durationNs: number;
  /** Of all servers: the longest latency in ns, the longest queue. */
  readonly longestNs: number;
  readonly mostWaiting: number;
  /** Row counts after which there is something new to see. */
  readonly beats: readonly number[];
}

export type Where = 'waiting' | 'computing' | 'io' | 'back';

type Life = { -readonly [Field in keyof ServedRequest]: ServedRequest[Field] } & { worker: number };
type Draft = { -readonly [Field in keyof Backend]: Backend[Field] } & { lives: Map<string, Life> };

/** The kinds of a request, and the field that each sets. */
const FIELDS: Readonly<Record<string, 'start' | 'io' | 'ready' | 'resume' | 'depart' | 'lost'>> = { start: 'start', io: 'io', ready: 'ready', resume: 'resume', depart: 'depart', lost: 'lost' };
const TOLD = new Set<string>([PATTERNS_KIND.arrive, PATTERNS_KIND.crash, PATTERNS_KIND.respawn, ...Object.keys(FIELDS)]);

/** Reads the trace of one server, or of several under one load. */
export function backendsOf(trace: Trace): Backends {
  const drafts = new Map<string, Draft>();
  const beats: number[] = [];
  for (let row = 0; row < trace.timeNs.length; row++) {
    const { kind, entity, timeNs, value, detail } = eventAt(trace, row);
    const slash = entity.indexOf('/');
    const draft = draftOf(drafts, entity.slice(0, Math.max(0, slash)));
    const name = entity.slice(slash + 1);
    const at = { timeNs, row };
    if (kind === PATTERNS_KIND.backend) Object.assign(draft, { title: String(detail?.title ?? ''), pattern: String(detail?.pattern ?? ''), lanes: value });
    if (kind === PATTERNS_KIND.memory) draft.memoryBytes = value;
    if (kind === PATTERNS_KIND.crash) draft.crash ??= { ...at, lane: Number(name.split(':')[1]) };
    if (kind === PATTERNS_KIND.respawn) draft.respawn ??= at;
    if (kind === PATTERNS_KIND.arrive) draft.lives.set(name, arrived(name, value, String(detail?.class ?? ''), at));
    const life = draft.lives.get(name);
    const field = FIELDS[kind];
    if (life && field) {
      life[field] ??= at;
      if (field === 'start') life.worker = value;
      if (field === 'lost') life.refused = value < 0;
    }
    if (!TOLD.has(kind)) continue;
    // What is of one time is one step.
    if (beats.length > 0 && trace.timeNs[(beats.at(-1) as number) - 1] === timeNs) beats.pop();
    beats.push(row + 1);
  }
  const backends = [...drafts.values()].filter(({ lives }) => lives.size > 0).map(finished);
  return {
    backends,
    durationNs: trace.durationNs,
    longestNs: Math.max(1, ...backends.flatMap(({ requests }) => requests.map(latencyOf).filter((ns) => ns !== null))),
    mostWaiting: Math.max(1, ...backends.flatMap(({ requests }) => waitingCounts(requests).map(([, count]) => count))),
    beats,
  };
}

/** The servers of several traces, those of one id together, in the first trace's order; undefined where a trace has none. */
export function opposite(sides: readonly Backends[]): readonly (readonly (Backend | undefined)[])[] {
  const ids = new Set(sides.flatMap(({ backends }) => backends.map(({ id }) => id)));
  return [...ids].map((id) => sides.map(({ backends }) => backends.find((backend) => backend.id === id)));
}

/** From its arrival to its answer; null where it had none. */
export function latencyOf({ arrive, depart }: ServedRequest): number | null {
  return depart && depart.timeNs - arrive.timeNs;
}

/** How many wait to be started on, or after their I/O, from each of these times on. */
export function waitingCounts(requests: readonly ServedRequest[]): readonly (readonly [timeNs: number, count: number])[] {
  const changes = requests.flatMap(({ arrive, start, lost, ready, resume }) => [
    ...spanOf(arrive, start ?? lost),
    ...(ready ? spanOf(ready, resume ?? lost) : []),
  ]);
  let count = 0;
  return changes.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([timeNs, by]) => [timeNs, (count += by)] as const);
}

/** Where a request is when `row` rows have happened; null before and after. */
export function whereIs({ arrive, start, io, ready, resume, depart, lost }: ServedRequest, row: number): Where | null {
  const has = (happened: Happened | null): boolean => happened !== null && happened.row < row;
  if (!has(arrive) || has(depart) || has(lost)) return null;
  if (has(resume)) return 'computing';
  if (has(ready)) return 'back';
  if (has(io)) return 'io';
  return has(start) ? 'computing' : 'waiting';
}

function spanOf(from: Happened, until: Happened | null): (readonly [number, number])[] {
  return until && until.timeNs > from.timeNs ? [[from.timeNs, 1], [until.timeNs, -1]] : [];
}

function draftOf(drafts: Map<string, Draft>, id: string): Draft {
  const draft: Draft = drafts.get(id) ?? { id, title: '', pattern: '', lanes: 0, requests: [], crash: null, respawn: null, memoryBytes: null, tail: null, lives: new Map() };
  drafts.set(id, draft);
  return draft;
}

function arrived(name: string, classIndex: number, className: string, arrive: Happened): Life {
  return { index: Number(name.split(':')[1]), className, classIndex, arrive, start: null, lane: -1, worker: -1, io: null, ready: null, resume: null, depart: null, lost: null, refused: false };
}

function finished({ lives, ...draft }: Draft): Backend {
  const requests = [...lives.values()];
  const lanes = draft.lanes > 0 ? byWorker(requests, draft.lanes) : byPresence(requests);
  return { ...draft, lanes, requests, tail: tailOf(requests.filter(({ classIndex }) => classIndex === 0)) };
}

function tailOf(requests: readonly ServedRequest[]): Tail | null {
  const latencies = requests.map(latencyOf).filter((ns) => ns !== null).sort((a, b) => a - b);
  if (latencies.length === 0) return null;
  const rank = (share: number): number => latencies[Math.ceil(share * latencies.length) - 1] as number;
  return { className: requests[0]?.className ?? '', count: latencies.length, p50Ns: rank(0.5), p90Ns: rank(0.9), slowestNs: rank(1) };
}

function byWorker(requests: readonly Life[], lanes: number): number {
  for (const life of requests) life.lane = life.worker;
  return lanes;
}

/** A process that is made for a request gets the lowest lane that is free meanwhile. */
function byPresence(requests: readonly Life[]): number {
  const freeFrom: number[] = [];
  for (const life of requests) {
    if (!life.start) continue;
    const from = life.start.timeNs;
    const free = freeFrom.findIndex((timeNs) => timeNs <= from);
    life.lane = free < 0 ? freeFrom.length : free;
    freeFrom[life.lane] = (life.depart ?? life.lost)?.timeNs ?? Infinity;
  }
  return freeFrom.length;
}
