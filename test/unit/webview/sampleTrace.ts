import { TCP_KIND } from '../../../src/shared/tcpTrace.ts';
import { TraceBuilder, type Trace, type TraceDetail } from '../../../src/shared/trace.ts';

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

/** What a measurement of the same burst would say: who connected and was accepted when, and queue lengths at samples. */
export function measuredTrace(burst: Burst, everyMs = 100, skewNs = 80_000): Trace {
  const source = burstTrace(burst);
  const builder = new TraceBuilder('measured', 'tcp');
  const rows = source.timeNs.map((timeNs, row) => ({ timeNs: timeNs + skewNs, kind: source.kinds[source.kind[row] as number] as string, entity: source.entities[source.entity[row] as number] as string, value: source.value[row] as number }));
  const kept = rows.filter(({ kind }) => kind === TCP_KIND.connected || kind === TCP_KIND.accepted);
  for (let i = 0; i < burst.clients; i++) kept.push({ timeNs: skewNs + i * 30_000, kind: TCP_KIND.event, entity: `client:c${i + 1}`, value: 0 });
  for (let atMs = everyMs; atMs < burst.endMs; atMs += everyMs) {
    const value = rows.filter(({ kind, timeNs }) => kind === TCP_KIND.acceptQueue && timeNs <= atMs * 1e6).at(-1)?.value ?? 0;
    kept.push({ timeNs: atMs * 1e6, kind: TCP_KIND.acceptQueue, entity: 'server', value });
  }
  kept.sort((a, b) => a.timeNs - b.timeNs);
  for (const { timeNs, kind, entity, value } of kept) builder.add(Math.min(timeNs, burst.endMs * 1e6), kind, entity, value);
  return builder.build(burst.endMs * 1e6);
}
