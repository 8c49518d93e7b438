import { TCP_KIND, type SynDropReason } from '../../src/shared/tcpTrace.ts';
import type { Trace } from '../../src/shared/trace.ts';
import type { Moment } from '../player/timeline.ts';

/** A quantity that changes in steps, by moment: its value from that moment on. */
export interface Series {
  /** One value for each moment. */
  readonly values: readonly number[];
  /** The moments at which the trace says a value, whether it changed or not: what was really measured. */
  readonly said: readonly number[];
  readonly maximum: number;
}

/** A queue's length at each moment of trace number `which`. */
export function queueSeries(trace: Trace, moments: readonly Moment[], which: number, kind: string): Series {
  const wanted = trace.kinds.indexOf(kind);
  const values: number[] = [];
  const said: number[] = [];
  let value = 0;
  let row = 0;
  let maximum = 0;
  moments.forEach((moment, index) => {
    let spoke = false;
    for (const until = moment.rows[which] as number; row < until; row++) {
      if (trace.kind[row] !== wanted) continue;
      value = trace.value[row] as number;
      maximum = Math.max(maximum, value);
      spoke = true;
    }
    values.push(value);
    if (spoke) said.push(index);
  });
  return { values, said, maximum };
}

/** Who was dropped in each moment of the first trace, for one of some reasons. */
export function dropsOf(trace: Trace, moments: readonly Moment[], reasons: readonly SynDropReason[]): readonly { readonly moment: number; readonly conns: readonly string[] }[] {
  const dropped = trace.kinds.indexOf(TCP_KIND.synDropped);
  const drops: { moment: number; conns: string[] }[] = [];
  let row = 0;
  moments.forEach((moment, index) => {
    const conns: string[] = [];
    for (const until = moment.rows[0] as number; row < until; row++) {
      const reason = trace.details[trace.detail[row] as number]?.reason;
      if (trace.kind[row] === dropped && reasons.includes(reason as SynDropReason)) conns.push((trace.entities[trace.entity[row] as number] ?? '').replace(/^\w+:/, ''));
    }
    if (conns.length > 0) drops.push({ moment: index, conns });
  });
  return drops;
}
