import { FORK_KIND } from '../../src/shared/forkTrace.ts';
import { eventAt, type Trace } from '../../src/shared/trace.ts';

/** Neighbouring pages that are counted together, `first` and `last` included. */
export interface PageRun {
  readonly first: number;
  readonly last: number;
}

/** Shared memory when some writes have happened. */
export interface CopyState {
  /** False before fork() has returned. */
  readonly forked: boolean;
  readonly writes: number;
  readonly faults: number;
  readonly copied: number;
  /** What both processes take more than right after fork(). */
  readonly extraBytes: number;
  /** Copied pages of each run. */
  readonly copiedOf: readonly number[];
  /** The last write, where the trace tells of single ones. */
  readonly newest: { readonly page: number; readonly copies: boolean } | null;
}

/** A copy-on-write trace, read for its picture. */
export interface CopyOnWrite {
  readonly pages: number;
  readonly pageBytes: number;
  readonly children: number;
  /** As the trace counts them; one of all pages where it tells of none. */
  readonly runs: readonly PageRun[];
  /** The state when `row` rows have happened. */
  at(row: number): CopyState;
  /** Row counts after which there is something new to see, with how many writes there were by then. */
  readonly beats: readonly { readonly rows: number; readonly writes: number }[];
}

const BEFORE: CopyState = { forked: false, writes: 0, faults: 0, copied: 0, extraBytes: 0, copiedOf: [], newest: null };

/** Reads a trace of model `fork`. */
export function copyOnWriteOf(trace: Trace): CopyOnWrite {
  const names = trace.entities.flatMap((entity) => runOf(entity) ?? []).sort((a, b) => a.first - b.first);
  const fork = trace.kinds.includes(FORK_KIND.fork) ? forkOf(trace) : { pages: 0, pageBytes: 0, children: 1 };
  const runs = names.length > 0 ? covering(names, fork.pages) : [{ first: 0, last: Math.max(0, fork.pages - 1) }];
  const place = new Map(runs.map(({ first }, i) => [first, i]));
  const copiedOf = runs.map(() => 0);
  const states: { readonly rows: number; readonly state: CopyState }[] = [];
  let state = BEFORE;
  for (let row = 0; row < trace.timeNs.length; row++) {
    const { kind, entity, value } = eventAt(trace, row);
    if (kind === FORK_KIND.fork) state = { ...BEFORE, forked: true };
    else if (kind === FORK_KIND.write || kind === FORK_KIND.fault) state = { ...state, newest: { page: value, copies: kind === FORK_KIND.fault } };
    else if (kind === FORK_KIND.writes) state = { ...state, writes: value };
    else if (kind === FORK_KIND.faults) state = { ...state, faults: value };
    else if (kind === FORK_KIND.extra) state = { ...state, extraBytes: Math.max(0, value) };
    else if (kind === FORK_KIND.copied) {
      state = { ...state, copied: Math.max(0, value) };
      if (names.length === 0) copiedOf[0] = value;
    } else if (kind === FORK_KIND.copiedPages) copiedOf[place.get(runOf(entity)?.first ?? -1) ?? 0] = value;
    if (endsBeat(trace, row)) states.push({ rows: row + 1, state: { ...state, copiedOf: [...copiedOf] } });
  }
  return {
    ...fork,
    runs,
    at: (row) => states.findLast(({ rows }) => rows <= row)?.state ?? { ...BEFORE, copiedOf: runs.map(() => 0) },
    beats: states.map(({ rows, state: { writes } }) => ({ rows, writes })),
  };
}

function forkOf(trace: Trace): Pick<CopyOnWrite, 'pages' | 'pageBytes' | 'children'> {
  const { value, detail } = eventAt(trace, trace.kind.indexOf(trace.kinds.indexOf(FORK_KIND.fork)));
  return { pages: value, pageBytes: Number(detail?.pageBytes ?? 0), children: Number(detail?.children ?? 1) };
}

/** `pages:0-255` */
function runOf(entity: string): PageRun | null {
  const [, first, last] = /^pages:(\d+)-(\d+)$/.exec(entity) ?? [];
  return first === undefined ? null : { first: Number(first), last: Number(last) };
}

/** A run that nobody wrote to is not in the trace: what is missing between those that are has their length. */
function covering(named: readonly PageRun[], pages: number): PageRun[] {
  const length = Math.max(...named.map(({ first, last }) => last - first + 1));
  return Array.from({ length: Math.ceil(pages / length) }, (_, i) => ({ first: i * length, last: Math.min(pages, (i + 1) * length) - 1 }));
}

/** A sample is a count of writes with what follows it, up to the next write or sample; fork() is a beat of its own. */
function endsBeat(trace: Trace, row: number): boolean {
  const next = row + 1 < trace.timeNs.length ? eventAt(trace, row + 1).kind : undefined;
  const kind = eventAt(trace, row).kind;
  if (kind === FORK_KIND.write || kind === FORK_KIND.fault) return false;
  return next === undefined || next === FORK_KIND.write || next === FORK_KIND.fault || next === FORK_KIND.writes;
}
