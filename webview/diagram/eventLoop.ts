import { PATTERNS_KIND } from '../../src/shared/patternsTrace.ts';
import { eventAt, type Trace } from '../../src/shared/trace.ts';

/** Something that happened to a request: when, and in which row of the trace. */
export interface Happened {
  readonly timeNs: number;
  readonly row: number;
}

/** One request's life as far as the trace tells. */
export interface LoopRequest {
  readonly index: number;
  readonly className: string;
  /** Of its class, from 0. */
  readonly classIndex: number;
  readonly arrive: Happened;
  /** When its client's connect() had succeeded; null where the trace does not tell. */
  readonly connectedNs: number | null;
  readonly start: Happened | null;
  readonly io: Happened | null;
  /** Its I/O is over and the loop is busy. */
  readonly ready: Happened | null;
  readonly resume: Happened | null;
  readonly depart: Happened | null;
  readonly lost: Happened | null;
}

/** One turn of the loop: a callback from its beginning to its end. */
export interface Turn {
  readonly request: LoopRequest;
  readonly part: 'start' | 'resume';
  readonly from: Happened;
  readonly until: Happened;
}

export interface LoopState {
  readonly timeNs: number;
  readonly running: Turn | null;
  /** The request for whose I/O the thread itself waits. */
  readonly held: LoopRequest | null;
  /** In the order in which the loop takes them; `back` are those whose I/O is over. */
  readonly waiting: readonly { readonly request: LoopRequest; readonly back: boolean; readonly sinceNs: number }[];
  readonly inIo: readonly LoopRequest[];
  readonly answered: number;
  readonly lost: number;
}

export interface EventLoop {
  readonly requests: readonly LoopRequest[];
  readonly turns: readonly Turn[];
  /** Requests with whose I/O the thread itself waited, and from when until when. */
  readonly holds: readonly { readonly request: LoopRequest; readonly fromNs: number; readonly untilNs: number }[];
  readonly measured: boolean;
  readonly durationNs: number;
  /** The most that ever wait, and that ever are in I/O, at once. */
  readonly mostWaiting: number;
  readonly mostInIo: number;
  /** How many wait from each of these times on. */
  readonly waiting: readonly (readonly [timeNs: number, count: number])[];
  /** The state when `row` rows have happened, at `timeNs`. */
  at(row: number, timeNs: number): LoopState;
  /** Row counts after which there is something new to see. */
  readonly beats: readonly number[];
}

type Life = { -readonly [Field in keyof LoopRequest]: LoopRequest[Field] };

/** The kinds that change what is seen, and the field of a request that each sets. */
const FIELDS = { start: 'start', io: 'io', ready: 'ready', resume: 'resume', depart: 'depart', lost: 'lost' } as const satisfies Partial<Record<keyof typeof PATTERNS_KIND, keyof LoopRequest>>;

/** Reads the trace of one event loop (pattern `single`). */
export function eventLoopOf(trace: Trace): EventLoop {
  const lives = new Map<string, Life>();
  const busy: { row: number; value: number }[] = [];
  const beats: number[] = [];
  for (let row = 0; row < trace.timeNs.length; row++) {
    const { kind, entity, timeNs, value, detail } = eventAt(trace, row);
    const at = { timeNs, row };
    if (kind === PATTERNS_KIND.arrive) {
      lives.set(entity, { index: Number(entity.split(':')[1]), className: String(detail?.class ?? ''), classIndex: value, arrive: at, connectedNs: null, start: null, io: null, ready: null, resume: null, depart: null, lost: null });
    }
    const life = lives.get(entity);
    if (life && kind === PATTERNS_KIND.connected) life.connectedNs ??= timeNs;
    if (life && kind in FIELDS) life[FIELDS[kind as keyof typeof FIELDS]] ??= at;
    if (kind === PATTERNS_KIND.busy) busy.push({ row, value });
    if (kind === PATTERNS_KIND.arrive || (life && kind in FIELDS)) {
      // What is of one time is one step.
      if (beats.length > 0 && trace.timeNs[(beats.at(-1) as number) - 1] === timeNs) beats.pop();
      beats.push(row + 1);
    }
  }
  const requests = [...lives.values()];
  const turns = turnsOf(requests, { timeNs: trace.durationNs, row: trace.timeNs.length });
  const at = (row: number, timeNs: number): LoopState => stateAt(requests, turns, busy, row, timeNs);
  const whole = beats.map((row, i) => upTo(trace, row, beats[i + 1]));
  const states = whole.map((row) => at(row, trace.timeNs[row - 1] ?? 0));
  const held = new Set(states.map((state) => state.held).filter((request) => request !== null));
  return {
    requests,
    turns,
    holds: [...held].map((request) => ({ request, fromNs: request.io?.timeNs ?? 0, untilNs: (request.resume ?? request.depart)?.timeNs ?? trace.durationNs })),
    measured: trace.source === 'measured',
    durationNs: trace.durationNs,
    mostWaiting: Math.max(0, ...states.map(({ waiting }) => waiting.length)),
    mostInIo: Math.max(0, ...states.map(({ inIo }) => inIo.length)),
    waiting: states.map(({ timeNs, waiting }) => [timeNs, waiting.length] as const),
    at,
    beats: whole,
  };
}

/** Rows of the same time that tell of the same step belong to it. */
function upTo({ timeNs }: Trace, row: number, next = timeNs.length + 1): number {
  let end = row;
  while (end < timeNs.length && end + 1 < next && timeNs[end] === timeNs[row - 1]) end++;
  return end;
}

/** A turn ends where its request goes into I/O or is answered, or where the next one begins: an answer is measured at its client, a moment later. */
function turnsOf(requests: readonly LoopRequest[], end: Happened): Turn[] {
  const begun = requests.flatMap((request) => [
    ...(request.start ? [{ request, part: 'start' as const, from: request.start, own: request.io ?? request.depart ?? request.lost }] : []),
    ...(request.resume ? [{ request, part: 'resume' as const, from: request.resume, own: request.depart ?? request.lost }] : []),
  ]);
  begun.sort((a, b) => a.from.row - b.from.row);
  return begun.map(({ own, ...turn }, i) => {
    const next = begun[i + 1]?.from ?? end;
    return { ...turn, until: own && own.row < next.row ? own : next };
  });
}

function stateAt(requests: readonly LoopRequest[], turns: readonly Turn[], busy: readonly { row: number; value: number }[], row: number, timeNs: number): LoopState {
  const has = (happened: Happened | null): happened is Happened => happened !== null && happened.row < row;
  const present = requests.filter((request) => has(request.arrive) && !has(request.depart) && !has(request.lost));
  const running = turns.find(({ from, until }) => has(from) && !has(until)) ?? null;
  const inIo = present.filter((request) => has(request.io) && !has(request.ready) && !has(request.resume));
  const back = present.filter((request) => has(request.ready) && !has(request.resume));
  const fresh = present.filter((request) => !has(request.start));
  const isBusy = busy.findLast((change) => change.row < row)?.value === 1;
  return {
    timeNs,
    running,
    held: !running && isBusy ? (inIo.at(-1) ?? null) : null,
    waiting: [
      ...back.map((request) => ({ request, back: true, sinceNs: request.ready?.timeNs ?? 0 })).sort((a, b) => a.sinceNs - b.sinceNs),
      ...fresh.map((request) => ({ request, back: false, sinceNs: request.arrive.timeNs })),
    ],
    inIo,
    answered: requests.filter(({ depart }) => has(depart)).length,
    lost: requests.filter(({ lost }) => has(lost)).length,
  };
}
