import { TCP_KIND, type TcpHost } from '../../src/shared/tcpTrace.ts';
import { eventAt, type Trace, type TraceEvent } from '../../src/shared/trace.ts';
import { segmentName } from '../player/frame.ts';

/** What one connection's ends did, rung by rung. */
export interface Ladder {
  readonly rungs: readonly Rung[];
  readonly waits: readonly Wait[];
}

export type Rung = {
  readonly timeNs: number;
  /** Rows of the trace that have happened with it. */
  readonly row: number;
  readonly host: TcpHost;
} & (
  | { readonly kind: 'segment'; readonly label: string; readonly lengthBytes: number; readonly lastByte: number; readonly ackedBytes: number; readonly arriveNs: number | null }
  | { readonly kind: 'write' | 'read'; readonly lengthBytes: number }
  | { readonly kind: 'answer'; readonly latencyNs: number }
  | { readonly kind: 'timer' }
);

/** Something that an end does not do yet: `held` bytes that wait for an ACK, or an ACK that is put off. */
export interface Wait {
  readonly what: 'held' | 'delayed-ack';
  readonly host: TcpHost;
  readonly by: string;
  readonly lengthBytes: number;
  readonly fromNs: number;
  /** Null where it was not over when the trace ended. */
  readonly toNs: number | null;
  /** Index of the rung it begins at, and of the one that ends it. */
  readonly fromRung: number;
  readonly toRung: number;
}

interface Open {
  readonly begun: Omit<Wait, 'toNs' | 'toRung'>;
  /** Where held bytes begin in the stream. */
  readonly offset: number;
}

/** Reads a trace of one connection. Writes and reads of the server are told only where no segments tell of them. */
export function ladderOf(trace: Trace): Ladder {
  const hasSegments = trace.kinds.includes(TCP_KIND.segment);
  const rungs: Rung[] = [];
  const waits: Wait[] = [];
  const open = new Map<string, Open>();
  const close = (key: string, toNs: number, toRung: number): void => {
    const wait = open.get(key);
    if (wait && open.delete(key)) waits.push({ ...wait.begun, toNs, toRung });
  };
  for (let row = 0; row < trace.timeNs.length; row++) {
    const event = eventAt(trace, row);
    const host = event.entity.startsWith('client') ? 'client' : 'server';
    const held = `held ${host}`;
    const ack = `ack ${host}`;
    if (event.kind === TCP_KIND.held) {
      const begun = open.get(held)?.begun ?? begunBy('held', event, host, rungs.length);
      open.set(held, { begun: { ...begun, lengthBytes: event.value }, offset: writtenUntil(trace, event) - event.value });
    }
    if (event.kind === TCP_KIND.timerSet) open.set(ack, { begun: begunBy('delayed-ack', event, host, Math.max(0, rungs.length - 1)), offset: 0 });
    if (event.kind === TCP_KIND.timerCancelled || event.kind === TCP_KIND.timerFired) close(ack, event.timeNs, rungs.length);
    const rung = rungOf(event, host, row + 1, hasSegments);
    if (!rung) continue;
    // What was handed down before may leave after; only a segment with the held bytes ends their wait.
    if (rung.kind === 'segment' && rung.lengthBytes > 0 && rung.lastByte > (open.get(held)?.offset ?? Infinity)) close(held, event.timeNs, rungs.length);
    const at = rung.kind === 'write' ? placeOfWrite(rungs, rung) : rungs.length;
    for (const [key, { begun, offset }] of open) if (begun.fromRung >= at && at < rungs.length) open.set(key, { begun: { ...begun, fromRung: begun.fromRung + 1 }, offset });
    const next = rungs[at];
    rungs.splice(at, 0, next ? { ...rung, timeNs: next.timeNs, row: next.row } : rung);
  }
  for (const { begun } of open.values()) waits.push({ ...begun, toNs: null, toRung: rungs.length });
  return { rungs, waits };
}

/** A system call returns after what it sent has left; told is first the call, then the segments with its bytes. */
function placeOfWrite(rungs: readonly Rung[], { host }: Rung): number {
  const before = rungs.reduce((sum, rung) => (rung.kind === 'write' && rung.host === host ? sum + rung.lengthBytes : sum), 0);
  const place = rungs.findIndex((rung) => rung.kind === 'segment' && rung.host === host && rung.lengthBytes > 0 && rung.lastByte > before);
  return place < 0 ? rungs.length : place;
}

function begunBy(what: Wait['what'], { timeNs, value, detail }: TraceEvent, host: TcpHost, fromRung: number): Open['begun'] {
  return { what, host, by: String(detail?.by ?? ''), lengthBytes: what === 'held' ? value : 0, fromNs: timeNs, fromRung };
}

/** Bytes that this end's program has written up to the time of `event`, with the write that it happened in. */
function writtenUntil(trace: Trace, { timeNs, entity }: TraceEvent): number {
  let bytes = 0;
  for (let row = 0; row < trace.timeNs.length && (trace.timeNs[row] as number) <= timeNs; row++) {
    const event = eventAt(trace, row);
    if (event.entity === entity && event.kind === TCP_KIND.event && event.detail?.event === 'sent') bytes += event.value;
  }
  return bytes;
}

function rungOf({ kind, timeNs, value, detail }: TraceEvent, host: TcpHost, row: number, hasSegments: boolean): Rung | null {
  const at = { timeNs, row, host };
  if (kind === TCP_KIND.segment) {
    const flags = String(detail?.flags ?? '');
    const ackedBytes = flags.includes('.') && !flags.includes('S') ? Math.max(0, Number(detail?.ack ?? 1) - 1) : 0;
    const arriveNs = typeof detail?.arriveNs === 'number' ? detail.arriveNs : null;
    return { ...at, kind: 'segment', label: segmentName(flags, value), lengthBytes: value, lastByte: Number(detail?.seq ?? 1) - 1 + value, ackedBytes, arriveNs };
  }
  if (kind === TCP_KIND.response) return { ...at, kind: 'answer', latencyNs: value };
  if (kind === TCP_KIND.timerFired) return { ...at, kind: 'timer' };
  if (kind !== TCP_KIND.event || value === 0 || (hasSegments && host === 'server')) return null;
  if (detail?.event === 'sent') return { ...at, kind: 'write', lengthBytes: value };
  return detail?.event === 'received' && !hasSegments ? { ...at, kind: 'read', lengthBytes: value } : null;
}
