import { TCP_KIND } from '../../src/shared/tcpTrace.ts';
import { events, TraceBuilder, type Trace, type TraceDetail, type TraceEvent } from '../../src/shared/trace.ts';

/** What a ladder tells of; queue lengths and windows have pictures of their own. */
const TOLD: ReadonlySet<string> = new Set([TCP_KIND.segment, TCP_KIND.event, TCP_KIND.response, TCP_KIND.held, TCP_KIND.connected, TCP_KIND.connectFailed, TCP_KIND.accepted]);
const TIMERS: ReadonlySet<string> = new Set([TCP_KIND.timerSet, TCP_KIND.timerFired, TCP_KIND.timerCancelled]);

/**
 * One connection of a TCP trace, its clock starting with the client's first write: so two runs of it can stand side by side, however long
 * their handshakes took. Where the client writes nothing, all of it.
 */
export function connectionTrace(trace: Trace, conn: string): Trace {
  const rows = rowsOf(trace, conn);
  const first = Math.max(0, rows.findIndex(({ kind, entity, value, detail }) => entity.startsWith('client') && value > 0 && (kind === TCP_KIND.segment || kind === TCP_KIND.held || (kind === TCP_KIND.event && detail?.event === 'sent'))));
  const startNs = rows[first]?.timeNs ?? 0;
  const builder = new TraceBuilder(trace.source, trace.model);
  for (const { timeNs, kind, entity, value, detail } of rows.slice(first)) builder.add(timeNs - startNs, kind, entity, value, shifted(detail, startNs));
  return builder.build((rows.at(-1)?.timeNs ?? 0) - startNs, trace.truncated);
}

function rowsOf(trace: Trace, conn: string): TraceEvent[] {
  const ends = new Set([`client:${conn}`, `server:${conn}`]);
  return [...events(trace)].filter(({ kind, entity, detail }) => ends.has(entity) && (TOLD.has(kind) || (TIMERS.has(kind) && detail?.timer === 'delayed-ack')));
}

function shifted(detail: TraceDetail | undefined, startNs: number): TraceDetail | undefined {
  return typeof detail?.arriveNs === 'number' ? { ...detail, arriveNs: detail.arriveNs - startNs } : detail;
}
