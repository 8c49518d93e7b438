import { parseTcpScenario } from '../../../src/shared/scenario/tcp.ts';
import { TraceBuilder, type Trace } from '../../../src/shared/trace.ts';
import { simulateTcp } from '../../../src/sim/tcp/simulate.ts';
import { connectionTrace } from '../../../webview/diagram/connectionTrace.ts';

/** Requests on one connection, after another connection that has nothing to do with them. */
export interface Talk {
  readonly writes: readonly number[];
  readonly count: number;
  readonly noDelay?: boolean;
  readonly rule?: 'minshall' | 'rfc896';
  readonly delayMs?: number;
  readonly loopback?: boolean;
  readonly lost?: readonly number[];
}

/** The trace of connection `talk`, as a ladder takes it. */
export function talkTrace({ writes, count, noDelay = false, rule = 'minshall', delayMs = 0, loopback = false, lost = [] }: Talk): Trace {
  const per = writes.reduce((sum, bytes) => sum + bytes, 0);
  const drop = lost.length > 0 ? [{ from: 'client', conn: 'talk', data: true, nth: lost }] : [];
  const scenario = parseTcpScenario({
    nagle: rule,
    link: loopback ? { medium: 'loopback', mtu: 1500, gso_max_segs: 1 } : { one_way_delay_ms: delayMs, drop },
    server: { app: { reply: { per, bytes: 100 } } },
    connections: [
      { id: 'other', connect_ms: 0 },
      { id: 'talk', connect_ms: 50, sockopts: { TCP_NODELAY: noDelay ? 1 : 0 }, app: { requests: { count, writes, response_bytes: 100 } } },
    ],
    until_ms: 3000,
  });
  return connectionTrace(simulateTcp(scenario).trace, 'talk');
}

/** A request in two writes over a round trip of 2 ms, and what it waits for: written by hand, so that no model's microseconds move its picture. */
export function stallTrace(): Trace {
  const builder = new TraceBuilder('simulated', 'tcp');
  const segment = (atMs: number, host: 'client' | 'server', flags: string, seq: number, ack: number, len: number): void =>
    builder.add(atMs * 1e6, 'segment', `${host}:c`, len, { flags, seq, ack, len, win: 64_256, arriveNs: (atMs + 1) * 1e6, dropped: null });
  segment(0, 'client', 'S', 0, 0, 0);
  segment(1, 'server', 'S.', 0, 1, 0);
  segment(2, 'client', '.', 1, 1, 0);
  builder.add(2e6, 'event', 'client:c', 100, { event: 'sent' });
  segment(2, 'client', 'P.', 1, 1, 100);
  builder.add(2e6, 'held', 'client:c', 900, { by: 'nagle' });
  builder.add(2e6, 'event', 'client:c', 900, { event: 'sent' });
  builder.add(3e6, 'timer-set', 'server:c', 40e6, { timer: 'delayed-ack' });
  builder.add(43e6, 'timer-fired', 'server:c', 0, { timer: 'delayed-ack' });
  segment(43, 'server', '.', 1, 101, 0);
  segment(44, 'client', 'P.', 101, 1, 900);
  segment(45, 'server', 'P.', 1, 1001, 100);
  builder.add(46e6, 'response', 'client:c', 44e6);
  segment(46, 'client', '.', 1001, 101, 0);
  return builder.build(50e6);
}
