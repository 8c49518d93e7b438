import { TCP_KIND } from '../../../src/shared/tcpTrace.ts';
import { events, TraceBuilder, type Trace, type TraceDetail, type TraceEvent } from '../../../src/shared/trace.ts';

/** A burst of clients at a server whose process is busy: what the pictures are tried on, apart from the simulator. */
export interface Burst {
  readonly clients: number;
  readonly backlog: number;
  /** One way, in milliseconds; 0 is loopback, where a handshake is over before the next begins. */
  readonly delayMs: number;
  /** When accept() begins to be called, or null for never. */
  readonly acceptAtMs: number | null;
  readonly endMs: number;
  /** Clients whose first SYN is lost on the way. */
  readonly lost?: readonly string[];
}

interface Planned {
  readonly atNs: number;
  readonly run: () => void;
}

/** The burst as a simulated trace, with every kind of row that the accept-queue picture reads. */
export function burstTrace({ clients, backlog, delayMs, acceptAtMs, endMs, lost = [] }: Burst): Trace {
  const builder = new TraceBuilder('simulated', 'tcp');
  const delayNs = delayMs * 1e6;
  const endNs = endMs * 1e6;
  const plan: Planned[] = [];
  let now = 0;
  let half = 0;
  const queue: string[] = [];
  const known = new Set<string>();
  let descriptors = 0;
  const add = (kind: string, entity: string, value = 0, detail?: TraceDetail): void => builder.add(now, kind, entity, value, detail);
  const at = (atNs: number, run: () => void): void => {
    if (atNs === now && delayNs === 0) {
      run();
      return;
    }
    const index = plan.findIndex((other) => other.atNs > atNs);
    plan.splice(index < 0 ? plan.length : index, 0, { atNs, run });
  };
  const segment = (from: 'client' | 'server', conn: string, flags: string, arrives: boolean, then: () => void): void => {
    add(TCP_KIND.segment, `${from}:${conn}`, 0, { flags, seq: 0, ack: 0, len: 0, win: 64240, arriveNs: arrives ? now + delayNs : null, dropped: arrives ? null : 'lost' });
    if (arrives) at(now + delayNs, then);
  };
  const accept = (): void => {
    const conn = queue.shift();
    if (conn === undefined) return;
    add(TCP_KIND.accepted, `server:${conn}`, 20 + descriptors);
    add(TCP_KIND.acceptQueue, 'server', queue.length);
    add(TCP_KIND.descriptors, 'server', ++descriptors);
    at(now + 20_000, accept);
  };
  const accepting = (): boolean => acceptAtMs !== null && now >= acceptAtMs * 1e6;
  const established = (conn: string): void => {
    // The client is connected already; the server stays in SYN_RECV and will say SYN/ACK again.
    if (queue.length > backlog) {
      add(TCP_KIND.synDropped, `client:${conn}`, 0, { reason: 'accept-queue-full' });
      at(now + 1.02e9, () => segment('server', conn, 'S.', true, () => segment('client', conn, '.', true, () => established(conn))));
      return;
    }
    half--;
    add(TCP_KIND.synQueue, 'server', half);
    queue.push(conn);
    add(TCP_KIND.state, `server:${conn}`, 0, { state: 'ESTABLISHED' });
    add(TCP_KIND.acceptQueue, 'server', queue.length);
    if (accepting()) at(now + 20_000, accept);
  };
  const synArrives = (conn: string): void => {
    const reason = queue.length > backlog ? 'accept-queue-full' : half > backlog ? 'syn-queue-full' : null;
    if (reason) return add(TCP_KIND.synDropped, `client:${conn}`, 0, { reason });
    half++;
    add(TCP_KIND.state, `server:${conn}`, 0, { state: 'SYN_RECV' });
    add(TCP_KIND.synQueue, 'server', half);
    segment('server', conn, 'S.', true, () => {
      known.add(conn);
      add(TCP_KIND.connected, `client:${conn}`);
      segment('client', conn, '.', true, () => established(conn));
    });
  };
  const connect = (conn: string, attempt: number): void => {
    segment('client', conn, 'S', attempt > 0 || !lost.includes(conn), () => synArrives(conn));
    const next = now + 1.01e9;
    at(next, () => {
      if (!known.has(conn)) connect(conn, attempt + 1);
    });
  };
  for (let i = 0; i < clients; i++) at(i * 30_000, () => connect(`c${i + 1}`, 0));
  if (acceptAtMs !== null) at(acceptAtMs * 1e6, accept);
  while (plan[0] && plan[0].atNs <= endNs) {
    const { atNs, run } = plan.shift() as Planned;
    now = atNs;
    run();
  }
  return builder.build(endNs);
}

/**
 * What a measurement of the same would say: who started, connected and was accepted when, and queue lengths where a look
 * every `everyMs` found them changed; everything `skewNs` later.
 */
export function measuredFrom(source: Trace, everyMs = 5, skewNs = 80_000): Trace {
  const builder = new TraceBuilder('measured', source.model);
  const kept = new Map<string, TraceEvent>();
  const rows: TraceEvent[] = [];
  for (const event of events(source)) {
    const timeNs = Math.min(source.durationNs, event.timeNs + skewNs);
    if (event.kind === TCP_KIND.connected || event.kind === TCP_KIND.accepted) rows.push({ ...event, timeNs });
    else if (event.entity.startsWith('client:') && !kept.has(event.entity)) {
      kept.set(event.entity, event);
      rows.push({ timeNs, kind: TCP_KIND.event, entity: event.entity, value: 0, detail: { event: 'connect' } });
    }
  }
  const queue = [...events(source)].filter((event) => event.kind === TCP_KIND.acceptQueue);
  let last = -1;
  for (let timeNs = 0; timeNs <= source.durationNs; timeNs += everyMs * 1e6) {
    const value = queue.findLast((event) => event.timeNs + skewNs <= timeNs)?.value ?? 0;
    if (value !== last) rows.push({ timeNs, kind: TCP_KIND.acceptQueue, entity: 'server', value, detail: undefined });
    last = value;
  }
  rows.sort((a, b) => a.timeNs - b.timeNs);
  for (const { timeNs, kind, entity, value, detail } of rows) builder.add(timeNs, kind, entity, value, detail);
  return builder.build(source.durationNs);
}
