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
  | { readonly kind: 'segment'; readonly label: string; readonly lengthBytes: number; readonly ackedBytes: number; readonly arriveNs: number | null }
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

type Open = Omit<Wait, 'toNs' | 'toRung'>;

/** Reads a trace of one connection. Writes and reads of the server are told only where no segments tell of them. */
export function ladderOf(trace: Trace): Ladder {
  const hasSegments = trace.kinds.includes(TCP_KIND.segment);
  const rungs: Rung[] = [];
  const waits: Wait[] = [];
  const open = new Map<string, Open>();
  const close = (key: string, toNs: number, toRung: number): void => {
    const wait = open.get(key);
    if (wait) waits.push({ ...wait, toNs, toRung });
    open.delete(key);
  };
  for (let row = 0; row < trace.timeNs.length; row++) {
    const event = eventAt(trace, row);
    const host = event.entity.startsWith('client') ? 'client' : 'server';
    const held = `held ${host}`;
    const ack = `ack ${host}`;
    if (event.kind === TCP_KIND.held && !open.has(held)) open.set(held, { ...openOf('held', event, host), fromRung: rungs.length });
    if (event.kind === TCP_KIND.held) open.set(held, { ...(open.get(held) as Open), lengthBytes: event.value });
    if (event.kind === TCP_KIND.timerSet) open.set(ack, { ...openOf('delayed-ack', event, host), fromRung: Math.max(0, rungs.length - 1) });
    if (event.kind === TCP_KIND.timerCancelled || event.kind === TCP_KIND.timerFired) close(ack, event.timeNs, rungs.length);
    const rung = rungOf(event, host, row + 1, hasSegments);
    if (!rung) continue;
    if (rung.kind === 'segment' && rung.lengthBytes > 0) close(held, event.timeNs, rungs.length);
    rungs.push(rung);
  }
  for (const wait of open.values()) waits.push({ ...wait, toNs: null, toRung: rungs.length });
  return { rungs, waits };
}

function openOf(what: Wait['what'], { timeNs, value, detail }: TraceEvent, host: TcpHost): Omit<Open, 'fromRung'> {
  return { what, host, by: String(detail?.by ?? ''), lengthBytes: what === 'held' ? value : 0, fromNs: timeNs };
}

function rungOf({ kind, timeNs, value, detail }: TraceEvent, host: TcpHost, row: number, hasSegments: boolean): Rung | null {
  const at = { timeNs, row, host };
  if (kind === TCP_KIND.segment) {
    const flags = String(detail?.flags ?? '');
    const ackedBytes = flags.includes('.') && !flags.includes('S') ? Math.max(0, Number(detail?.ack ?? 1) - 1) : 0;
    const arriveNs = typeof detail?.arriveNs === 'number' ? detail.arriveNs : null;
    return { ...at, kind: 'segment', label: segmentName(flags, value), lengthBytes: value, ackedBytes, arriveNs };
  }
  if (kind === TCP_KIND.response) return { ...at, kind: 'answer', latencyNs: value };
  if (kind === TCP_KIND.timerFired) return { ...at, kind: 'timer' };
  if (kind !== TCP_KIND.event || value === 0 || (hasSegments && host === 'server')) return null;
  if (detail?.event === 'sent') return { ...at, kind: 'write', lengthBytes: value };
  return detail?.event === 'received' && !hasSegments ? { ...at, kind: 'read', lengthBytes: value } : null;
}
