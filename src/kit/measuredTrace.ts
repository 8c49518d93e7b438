import { monotonicNs } from '../runtime/monotonicNs.ts';
import { TraceBuilder, type Trace, type TraceDetail } from '../shared/trace.ts';

interface Row {
  readonly atNs: number;
  readonly kind: string;
  readonly entity: string;
  readonly value: number;
  readonly detail: TraceDetail | undefined;
}

/** Collects what several observers saw, in whatever order they report it, and gives it as one trace in order of time. */
export class MeasuredTrace {
  readonly #rows: Row[] = [];
  readonly #model: string;
  #startNs: number;

  /** @param model whose kinds the rows have */
  constructor(model: string) {
    this.#model = model;
    this.#startNs = monotonicNs();
  }

  /** Makes now, or `atNs` of the monotonic clock, the trace's time 0. Rows from before are drawn at 0. */
  start(atNs = monotonicNs()): void {
    this.#startNs = atNs;
  }

  /** When time 0 was on the monotonic clock. */
  get startNs(): number {
    return this.#startNs;
  }

  /** Nanoseconds since time 0. */
  nowNs(): number {
    return monotonicNs() - this.#startNs;
  }

  /** Adds a row that happened now, or at `atNs` of the monotonic clock. */
  add(kind: string, entity: string, value = 0, detail?: TraceDetail, atNs = monotonicNs()): void {
    this.#rows.push({ atNs, kind, entity, value, detail });
  }

  /** Everything so far, ending now. */
  build(): Trace {
    const builder = new TraceBuilder('measured', this.#model);
    const durationNs = this.nowNs();
    for (const row of this.#rows.toSorted((a, b) => a.atNs - b.atNs)) {
      builder.add(Math.max(0, row.atNs - this.#startNs), row.kind, row.entity, row.value, row.detail);
    }
    return builder.build(durationNs);
  }
}
