/**
 * One format for what was simulated and what was measured, so that one player, one diagram and one metrics fold serve both.
 * Flat columns; row i is one event: at `timeNs[i]`, to `entities[entity[i]]`, of `kinds[kind[i]]`, with a number and, where
 * `detail[i] >= 0`, more in `details[detail[i]]`. Rows are in order of time; equal times are in order of cause.
 */
export interface Trace {
  readonly version: 1;
  readonly source: 'simulated' | 'measured';
  /** The model whose kinds and entities these are: `tcp`, `cpu`, `threads`, … */
  readonly model: string;
  /** Nanoseconds from the start of the scenario to its end. */
  readonly durationNs: number;
  /** Names of what events happen to: `client:c1`, `server`, `core:0`, … */
  readonly entities: readonly string[];
  /** Names of what happens: `segment-sent`, `accept-queue`, … Each model's `kinds.ts` says what value and detail mean. */
  readonly kinds: readonly string[];
  readonly timeNs: readonly number[];
  readonly kind: readonly number[];
  readonly entity: readonly number[];
  readonly value: readonly number[];
  readonly detail: readonly number[];
  readonly details: readonly TraceDetail[];
  /** True where a bound on events ended the run early; `durationNs` is then how far it came. */
  readonly truncated?: boolean;
}

export type TraceDetail = Readonly<Record<string, string | number | boolean | null>>;

/** One row of a trace, read out. */
export interface TraceEvent {
  readonly timeNs: number;
  readonly kind: string;
  readonly entity: string;
  readonly value: number;
  readonly detail: TraceDetail | undefined;
}

/** Builds a trace row by row. Times must not go back. */
export class TraceBuilder {
  private readonly entityIndex = new Map<string, number>();
  private readonly kindIndex = new Map<string, number>();
  private readonly timeNs: number[] = [];
  private readonly kind: number[] = [];
  private readonly entity: number[] = [];
  private readonly value: number[] = [];
  private readonly detail: number[] = [];
  private readonly details: TraceDetail[] = [];

  constructor(
    private readonly source: Trace['source'],
    private readonly model: string,
  ) {}

  /** Adds an event at `timeNs` (integer nanoseconds from the start). */
  add(timeNs: number, kind: string, entity: string, value = 0, detail?: TraceDetail): void {
    this.timeNs.push(timeNs);
    this.kind.push(indexOf(this.kindIndex, kind));
    this.entity.push(indexOf(this.entityIndex, entity));
    this.value.push(value);
    this.detail.push(detail ? this.details.push(detail) - 1 : -1);
  }

  /** The trace so far; `durationNs` is where the scenario ended. */
  build(durationNs: number, truncated = false): Trace {
    const { source, model, timeNs, kind, entity, value, detail, details } = this;
    const entities = [...this.entityIndex.keys()];
    const kinds = [...this.kindIndex.keys()];
    const trace: Trace = { version: 1, source, model, durationNs, entities, kinds, timeNs, kind, entity, value, detail, details };
    return truncated ? { ...trace, truncated } : trace;
  }
}

function indexOf(index: Map<string, number>, name: string): number {
  let at = index.get(name);
  if (at === undefined) index.set(name, (at = index.size));
  return at;
}

/** Row `i` of a trace. */
export function eventAt(trace: Trace, i: number): TraceEvent {
  return {
    timeNs: trace.timeNs[i] as number,
    kind: trace.kinds[trace.kind[i] as number] as string,
    entity: trace.entities[trace.entity[i] as number] as string,
    value: trace.value[i] as number,
    detail: trace.details[trace.detail[i] as number],
  };
}

/** All rows of a trace in order. */
export function* events(trace: Trace): Generator<TraceEvent> {
  for (let i = 0; i < trace.timeNs.length; i++) yield eventAt(trace, i);
}

/** The number of rows with `timeNs <= time`, by binary search. */
export function rowsUntil(trace: Trace, time: number): number {
  let low = 0;
  let high = trace.timeNs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((trace.timeNs[middle] as number) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
