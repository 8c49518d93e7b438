import { TCP_KIND } from '../../src/shared/tcpTrace.ts';
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

/** How many were dropped in each moment, and whom. */
export function dropsOf(trace: Trace, moments: readonly Moment[], which: number): readonly { readonly moment: number; readonly conns: readonly string[] }[] {
  const dropped = trace.kinds.indexOf(TCP_KIND.synDropped);
  const drops: { moment: number; conns: string[] }[] = [];
  let row = 0;
  moments.forEach((moment, index) => {
    const conns: string[] = [];
    for (const until = moment.rows[which] as number; row < until; row++) {
      if (trace.kind[row] === dropped) conns.push((trace.entities[trace.entity[row] as number] ?? '').replace(/^\w+:/, ''));
    }
    if (conns.length > 0) drops.push({ moment: index, conns });
  });
  return drops;
}
