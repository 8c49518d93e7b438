import { TCP_KIND } from '../../src/shared/tcpTrace.ts';
import { eventAt, TraceBuilder, type Trace, type TraceDetail } from '../../src/shared/trace.ts';

/** What a ladder tells of; queue lengths and windows have pictures of their own. */
const TOLD: ReadonlySet<string> = new Set([TCP_KIND.segment, TCP_KIND.event, TCP_KIND.response, TCP_KIND.held, TCP_KIND.connected, TCP_KIND.connectFailed, TCP_KIND.accepted]);
const TIMERS: ReadonlySet<string> = new Set([TCP_KIND.timerSet, TCP_KIND.timerFired, TCP_KIND.timerCancelled]);

/** One connection of a TCP trace, its clock starting with the first thing that happens to it: so two runs of it can stand side by side. */
export function connectionTrace(trace: Trace, conn: string): Trace {
  const builder = new TraceBuilder(trace.source, trace.model);
  const ends = new Set([`client:${conn}`, `server:${conn}`]);
  let startNs: number | null = null;
  let lastNs = 0;
  for (let row = 0; row < trace.timeNs.length; row++) {
    const { timeNs, kind, entity, value, detail } = eventAt(trace, row);
    if (!ends.has(entity) || !(TOLD.has(kind) || (TIMERS.has(kind) && detail?.timer === 'delayed-ack'))) continue;
    startNs ??= timeNs;
    lastNs = timeNs - startNs;
    builder.add(lastNs, kind, entity, value, shifted(detail, startNs));
  }
  return builder.build(lastNs, trace.truncated);
}

function shifted(detail: TraceDetail | undefined, startNs: number): TraceDetail | undefined {
  return typeof detail?.arriveNs === 'number' ? { ...detail, arriveNs: detail.arriveNs - startNs } : detail;
}
