import { TraceBuilder, type Trace, type TraceDetail } from '../../shared/trace.ts';

/** A trace of the beginning of a run: rows after the first `limit` are not kept. */
export class BoundedTrace {
  private readonly builder: TraceBuilder;
  private rows = 0;
  private lastNs = 0;

  /** @param nsPerUnit nanoseconds to one unit of the model's time. */
  constructor(
    model: string,
    private readonly nsPerUnit: number,
    private readonly limit: number,
  ) {
    this.builder = new TraceBuilder('simulated', model);
  }

  /** False once the trace is full: a model need not put rows together any more. */
  get open(): boolean {
    return this.rows < this.limit;
  }

  /** Adds a row at `time`, in the model's unit. */
  add(time: number, kind: string, entity: string, value = 0, detail?: TraceDetail): void {
    if (!this.open) return;
    this.rows++;
    this.lastNs = this.nanoseconds(time);
    this.builder.add(this.lastNs, kind, entity, value, detail);
  }

  /** A time of the model in whole nanoseconds. */
  nanoseconds(time: number): number {
    return Math.round(time * this.nsPerUnit);
  }

  /** The trace of a run that ended at `time`; a full one ends with its last row. */
  build(time: number): Trace {
    return this.open ? this.builder.build(Math.max(this.lastNs, this.nanoseconds(time))) : this.builder.build(this.lastNs, true);
  }
}
