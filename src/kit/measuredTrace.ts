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
  #rows: Row[] = [];
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

  /** Begins another run, drawn beside what was recorded so far: that keeps its times, and what comes now counts from now, or from `atNs`. */
  startBeside(atNs = monotonicNs()): void {
    const shiftNs = atNs - this.#startNs;
    this.#rows = this.#rows.map((row) => ({ ...row, atNs: row.atNs + shiftNs }));
    this.#startNs = atNs;
  }

  /** Forgets every row: what is measured now is measured again. */
  forget(): void {
    this.#rows = [];
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

  /** Everything so far, ending now, or with the last row of a longer run beside this one. */
  build(): Trace {
    const builder = new TraceBuilder('measured', this.#model);
    const rows = this.#rows.toSorted((a, b) => a.atNs - b.atNs);
    const durationNs = Math.max(this.nowNs(), (rows.at(-1)?.atNs ?? 0) - this.#startNs);
    for (const row of rows) {
      builder.add(Math.max(0, row.atNs - this.#startNs), row.kind, row.entity, row.value, row.detail);
    }
    return builder.build(durationNs);
  }
}
