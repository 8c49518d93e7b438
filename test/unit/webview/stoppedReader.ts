import { TCP_KIND } from '../../../src/shared/tcpTrace.ts';
import { TraceBuilder, type Trace } from '../../../src/shared/trace.ts';

export interface Stopped {
  readonly mss: number;
  /** Bytes that the reader's buffer holds. */
  readonly buffer: number;
  /** Bytes handed to write() at 1 ms. */
  readonly written: number;
  readonly delayMs: number;
  readonly readSize: number;
  /** When the reader begins to read, a piece every 10 ms. */
  readonly readAtMs: number;
  readonly endMs: number;
  /** Which data segment is lost on the way, and sent again 200 ms later; 0 loses none. */
  readonly lost?: number;
  /** What a measurement without segments would say. */
  readonly blind?: boolean;
}

interface Planned {
  readonly atNs: number;
  readonly run: () => void;
}

/** A server that writes and a client that stops reading, written here apart from the simulator: whole segments while they fit the window, each acknowledged when it comes. */
export function stoppedReader({ mss, buffer, written, delayMs, readSize, readAtMs, endMs, lost = 0, blind = false }: Stopped): Trace {
  const builder = new TraceBuilder(blind ? 'measured' : 'simulated', 'tcp');
  const plan: Planned[] = [];
  const delayNs = delayMs * 1e6;
  let now = 0;
  let acked = 0;
  let sent = 0;
  let segments = 0;
  let came = 0;
  let read = 0;
  let windowEnd = buffer;
  const early = new Map<number, number>();
  const at = (delay: number, run: () => void): void => {
    const atNs = now + delay;
    const place = plan.findIndex((planned) => planned.atNs > atNs);
    plan.splice(place < 0 ? plan.length : place, 0, { atNs, run });
  };
  const add = (kind: string, entity: string, value = 0, detail?: Record<string, string | number | null>): void => {
    if (!blind || kind !== TCP_KIND.segment) builder.add(now, kind, entity, value, detail);
  };
  const segment = (from: 'client' | 'server', len: number, seq: number, ack: number, win: number, arrives: boolean, run: () => void): void => {
    add(TCP_KIND.segment, `${from}:c1`, len, { flags: '.', seq, ack, len, win, arriveNs: arrives ? now + delayNs : null, dropped: arrives ? null : 'lost' });
    if (arrives) at(delayNs, run);
  };
  const announce = (): void => {
    const ack = came;
    const win = Math.max(0, read + buffer - came);
    segment('client', 0, 1, ack + 1, win, true, () => {
      acked = Math.max(acked, ack);
      windowEnd = Math.max(windowEnd, ack + win);
      add(TCP_KIND.sendQueue, 'server:c1', written - acked);
      send();
    });
  };
  const take = (from: number, to: number): void => {
    early.set(from, to);
    for (let next = early.get(came); next !== undefined; next = early.get(came)) {
      early.delete(came);
      came = next;
    }
    add(TCP_KIND.receiveQueue, 'client:c1', came - read);
    announce();
  };
  const send = (): void => {
    while (sent < written && Math.min(written, sent + mss) <= windowEnd) {
      const from = sent;
      sent = Math.min(written, sent + mss);
      const to = sent;
      const lostNow = ++segments === lost;
      segment('server', to - from, from + 1, 1, 65_535, !lostNow, () => take(from, to));
      if (lostNow) at(200e6, () => segment('server', to - from, from + 1, 1, 65_535, true, () => take(from, to)));
    }
  };
  at(0, () => add(TCP_KIND.connected, 'client:c1'));
  at(1e6, () => {
    add(TCP_KIND.event, 'server:c1', written, { event: 'filled' });
    add(TCP_KIND.cwnd, 'server:c1', 10, { ssthresh: null, inFlight: 0 });
    add(TCP_KIND.sendQueue, 'server:c1', written);
    send();
  });
  for (let ms = readAtMs; ms < endMs; ms += 10) {
    at(ms * 1e6, () => {
      const bytes = Math.min(readSize, came - read);
      if (bytes === 0) return;
      const wasShut = read + buffer - came < mss;
      read += bytes;
      add(TCP_KIND.event, 'client:c1', bytes, { event: 'received' });
      add(TCP_KIND.receiveQueue, 'client:c1', came - read);
      if (wasShut && read + buffer - came >= mss) announce();
    });
  }
  while (plan[0] && plan[0].atNs <= endMs * 1e6) {
    const { atNs, run } = plan.shift() as Planned;
    now = atNs;
    run();
  }
  return builder.build(endMs * 1e6);
}
