import type { TcpHost } from '../../shared/tcpTrace.ts';
import type { Endpoint } from './endpoint.ts';
import type { Host } from './host.ts';
import type { Hosts, LinkObserver } from './link.ts';
import { milliseconds, type EventFields, type EventKind, type RecordedEvent, type RecordedSample, type RecordedSegment, type Recording } from './recording.ts';
import { ACK, flagLetters, SYN, type Segment } from './segment.ts';
import type { TcpTracer } from './tracer.ts';

/** With more connections than this, samples count states but do not list sockets. */
const LISTED_CONNECTIONS = 4;
const OTHER: Record<TcpHost, TcpHost> = { client: 'server', server: 'client' };

/** Writes a run down in the form of the oracle's recordings. */
export class Recorder implements LinkObserver {
  private readonly segments: RecordedSegment[] = [];
  private readonly events: RecordedEvent[] = [];
  private readonly samples: RecordedSample[] = [];
  private readonly options = new Map<string, RecordedSegment['options']>();
  /** Window scale and first sequence number seen of each connection's ends. */
  private readonly scale: Record<TcpHost, number[]> = { client: [], server: [] };

  constructor(
    private readonly names: readonly string[],
    private readonly now: () => number,
    private readonly tracer: TcpTracer | undefined,
    /** Segments and events together that it may hold, and what is called when it does: memory, and a text's length, have an end. */
    private readonly maxRows: number,
    private readonly full: () => void,
  ) {}

  private count(): void {
    if (this.segments.length + this.events.length >= this.maxRows) this.full();
  }

  sent(segment: Segment, arriveNs: number | null): void {
    const { from, conn, flags } = segment;
    if (flags & SYN) this.scale[from][conn] = Math.max(segment.wscale, 0);
    const win = flags & SYN ? segment.window : segment.window * 2 ** (this.scale[from][conn] ?? 0);
    const acks = (flags & ACK) !== 0 && this.scale[OTHER[from]][conn] !== undefined;
    this.tracer?.segment(segment, acks ? segment.ack : 0, win, arriveNs);
    const t_ms = milliseconds(this.now());
    const name = this.names[conn] as string;
    const seq = this.scale[from][conn] === undefined ? 0 : segment.seq;
    const ack = acks ? segment.ack : 0;
    const letters = flagLetters(flags);
    const options = optionsOf(segment, this.options);
    const { len } = segment;
    const recorded: RecordedSegment = options ? { t_ms, from, conn: name, flags: letters, seq, ack, len, win, options } : { t_ms, from, conn: name, flags: letters, seq, ack, len, win };
    this.segments.push(arriveNs === null ? { ...recorded, dropped: true } : recorded);
    this.count();
  }

  event(endpoint: Endpoint, kind: EventKind, more?: EventFields): void {
    this.tracer?.event(endpoint, kind, more);
    this.add(endpoint.role, endpoint.name, kind, more);
  }

  add(host: TcpHost, conn: string, event: EventKind, more?: EventFields): void {
    this.count();
    const t_ms = milliseconds(this.now());
    if (!more) {
      this.events.push({ t_ms, host, conn, event });
      return;
    }
    const { latencyNs, ...rest } = more;
    this.events.push({ t_ms, host, conn, event, ...rest, ...(latencyNs === undefined ? {} : { latency_ms: milliseconds(latencyNs) }) });
  }

  /** Queue lengths and states, as /proc/net/tcp shows them. */
  sample(hosts: Hosts, connections: number): void {
    const sockets: Record<string, { state: string; send_queue: number; receive_queue: number }> = {};
    if (connections <= LISTED_CONNECTIONS) {
      for (const role of ['server', 'client'] as const) this.list(hosts[role], sockets);
    }
    this.samples.push({
      t_ms: milliseconds(this.now()), accept_queue: hosts.server.listener?.acceptQueue.length ?? 0,
      server_states: hosts.server.states(), client_states: hosts.client.states(), sockets,
    });
  }

  private list(host: Host, into: Record<string, { state: string; send_queue: number; receive_queue: number }>): void {
    const key = (conn: number) => `${host.name}:${this.names[conn] ?? ''}`;
    for (const [conn, socket] of host.sockets) {
      into[key(conn)] = { state: socket.state, send_queue: socket.writeSeq - socket.sndUna, receive_queue: Math.max(socket.rcvNxt - socket.copiedSeq, 0) };
    }
    for (const [conn, stub] of host.stubs) into[key(conn)] = { state: stub.substate, send_queue: 0, receive_queue: 0 };
    for (const conn of host.listener?.requests.keys() ?? []) into[key(conn)] = { state: 'SYN_RECV', send_queue: 0, receive_queue: 0 };
  }

  recording(hosts: Hosts, shared: boolean): Recording {
    const counters: Partial<Record<TcpHost, Record<string, number>>> = {};
    for (const role of shared ? (['server'] as const) : (['server', 'client'] as const)) {
      if (Object.keys(hosts[role].counters).length > 0) counters[role] = hosts[role].counters;
    }
    return { segments: this.segments, events: this.events, samples: this.samples, counters };
  }
}

/** Options as recordings have them; segments with the same options share one object. */
function optionsOf(segment: Segment, known: Map<string, RecordedSegment['options']>): RecordedSegment['options'] {
  const { mss, sackOk, timestamps, wscale, sacks } = segment;
  if (!mss && !sackOk && !timestamps && wscale < 0 && !sacks) return undefined;
  const key = `${mss} ${sackOk} ${timestamps} ${wscale} ${sacks?.length ?? 0}`;
  let options = known.get(key);
  if (!options) {
    options = {
      ...(mss ? { mss } : {}), ...(sackOk ? { sackok: true } : {}), ...(timestamps ? { ts: true } : {}),
      ...(wscale >= 0 ? { wscale } : {}), ...(sacks ? { sack: sacks.length } : {}),
    };
    known.set(key, options);
  }
  return options;
}
