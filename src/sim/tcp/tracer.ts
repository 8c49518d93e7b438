import { endpointEntity, LISTENER_ENTITY, TCP_KIND, TCP_MODEL, type HeldBy, type SegmentDetail, type SynDropReason, type TcpState, type TcpTimer } from '../../shared/tcpTrace.ts';
import { TraceBuilder, type Trace } from '../../shared/trace.ts';
import type { Endpoint } from './endpoint.ts';
import type { ListenerObserver } from './listener.ts';
import type { EventFields, EventKind } from './recording.ts';
import { flagLetters, type Segment } from './segment.ts';
import type { TcpSocket } from './socket.ts';
import type { SocketObserver } from './socketObserver.ts';
import { receiveWindow } from './window.ts';
import { TCP_INFINITE_SSTHRESH } from './units.ts';

interface Seen {
  sendQueue: number;
  receiveQueue: number;
  window: number;
}

/** Turns what happens into the rows of a trace. Rows that would repeat the value before are left out. */
export class TcpTracer implements SocketObserver<TcpSocket>, ListenerObserver {
  private readonly builder = new TraceBuilder('simulated', TCP_MODEL);
  private readonly seen = new Map<TcpSocket, Seen>();
  private descriptors = 0;
  /** Descriptors 0 to 2 are taken by every program; the listener has 3. */
  private nextDescriptor = 4;

  constructor(
    private readonly names: readonly string[],
    private readonly now: () => number,
  ) {}

  private of(socket: TcpSocket): string {
    return endpointEntity(socket.host.name, this.names[socket.conn] as string);
  }

  private client(conn: number): string {
    return endpointEntity('client', this.names[conn] as string);
  }

  state(socket: TcpSocket, state: TcpState): void {
    this.builder.add(this.now(), TCP_KIND.state, this.of(socket), 0, { state });
  }

  queues(socket: TcpSocket): void {
    const now: Seen = { sendQueue: socket.writeSeq - socket.sndUna, receiveQueue: Math.max(socket.rcvNxt - socket.copiedSeq, 0), window: receiveWindow(socket) };
    const before = this.seen.get(socket);
    const entity = this.of(socket);
    if (before?.sendQueue !== now.sendQueue) this.builder.add(this.now(), TCP_KIND.sendQueue, entity, now.sendQueue);
    if (before?.receiveQueue !== now.receiveQueue) this.builder.add(this.now(), TCP_KIND.receiveQueue, entity, now.receiveQueue);
    if (before?.window !== now.window) this.builder.add(this.now(), TCP_KIND.window, entity, now.window);
    this.seen.set(socket, now);
  }

  cwnd(socket: TcpSocket): void {
    const ssthresh = socket.sndSsthresh >= TCP_INFINITE_SSTHRESH ? null : socket.sndSsthresh;
    this.builder.add(this.now(), TCP_KIND.cwnd, this.of(socket), socket.sndCwnd, { ssthresh, inFlight: socket.inFlight });
  }

  timerSet(socket: TcpSocket, timer: TcpTimer, delayNs: number): void {
    this.builder.add(this.now(), TCP_KIND.timerSet, this.of(socket), delayNs, { timer });
  }

  timerFired(socket: TcpSocket, timer: TcpTimer): void {
    this.builder.add(this.now(), TCP_KIND.timerFired, this.of(socket), 0, { timer });
  }

  timerCancelled(socket: TcpSocket, timer: TcpTimer): void {
    this.builder.add(this.now(), TCP_KIND.timerCancelled, this.of(socket), 0, { timer });
  }

  held(socket: TcpSocket, bytes: number, by: HeldBy): void {
    this.builder.add(this.now(), TCP_KIND.held, this.of(socket), bytes, { by });
  }

  synQueue(length: number): void {
    this.builder.add(this.now(), TCP_KIND.synQueue, LISTENER_ENTITY, length);
  }

  acceptQueue(length: number): void {
    this.builder.add(this.now(), TCP_KIND.acceptQueue, LISTENER_ENTITY, length);
  }

  dropped(conn: number, reason: SynDropReason): void {
    this.builder.add(this.now(), TCP_KIND.synDropped, this.client(conn), 0, { reason });
  }

  synAckTimer(conn: number, what: 'set' | 'fired' | 'cancelled', delayNs: number): void {
    const kind = what === 'set' ? TCP_KIND.timerSet : what === 'fired' ? TCP_KIND.timerFired : TCP_KIND.timerCancelled;
    this.builder.add(this.now(), kind, endpointEntity('server', this.names[conn] as string), delayNs, { timer: 'synack' });
  }

  segment(segment: Segment, ack: number, win: number, arriveNs: number | null): void {
    const detail: SegmentDetail = { flags: flagLetters(segment.flags), seq: segment.seq, ack, len: segment.len, win, arriveNs, dropped: arriveNs === null ? 'lost' : null };
    this.builder.add(this.now(), TCP_KIND.segment, endpointEntity(segment.from, this.names[segment.conn] as string), segment.len, { ...detail });
    if (arriveNs === null && detail.flags === 'S') this.dropped(segment.conn, 'lost');
  }

  event(endpoint: Endpoint, kind: EventKind, more: EventFields = {}): void {
    const entity = endpointEntity(endpoint.role, endpoint.name);
    const { error, of, bytes, latencyNs } = more;
    if (kind === 'connected') this.builder.add(this.now(), TCP_KIND.connected, entity);
    if (kind === 'connect-failed') this.builder.add(this.now(), TCP_KIND.connectFailed, entity, 0, { error: error ?? '' });
    if (kind === 'accepted') this.opened(entity);
    if (kind === 'response') this.builder.add(this.now(), TCP_KIND.response, entity, latencyNs ?? 0);
    this.builder.add(this.now(), TCP_KIND.event, entity, bytes ?? 0, { event: kind, ...(error === undefined ? {} : { error }), ...(of === undefined ? {} : { of }) });
    this.queues(endpoint.socket);
  }

  private opened(entity: string): void {
    this.builder.add(this.now(), TCP_KIND.accepted, entity, this.nextDescriptor++);
    this.builder.add(this.now(), TCP_KIND.descriptors, LISTENER_ENTITY, ++this.descriptors);
  }

  /** An accepted socket was closed. */
  closedDescriptor(): void {
    this.builder.add(this.now(), TCP_KIND.descriptors, LISTENER_ENTITY, --this.descriptors);
  }

  build(durationNs: number, truncated: boolean): Trace {
    return this.builder.build(durationNs, truncated);
  }
}
