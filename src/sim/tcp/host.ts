import type { TcpHost, TcpState } from '../../shared/tcpTrace.ts';
import type { Simulator } from '../engine/simulator.ts';
import type { Clock } from './clock.ts';
import { receive } from './input.ts';
import type { Listener } from './listener.ts';
import { ACK, endSeq, resetFor, RST, SYN, type Segment } from './segment.ts';
import type { Settings } from './settings.ts';
import type { HostServices, TcpSocket } from './socket.ts';
import type { SocketObserver } from './socketObserver.ts';
import { receiveInTimeWait, timeWaitStub, type TimeWaitStub } from './timeWait.ts';
import { sendAck } from './transmit.ts';
import type { TimerWheel } from './wheel.ts';

/** Where a host's segments go. */
export interface Outlet {
  /** Counts the machine's turns; a segment that is looked at on its way is held until the next. */
  readonly turn: number;
  transmit(segment: Segment): void;
  /** Runs what interrupts a program: a timer, or a segment's arrival. */
  interrupt(work: () => void): void;
}

/** One host's TCP: its sockets, found by connection (tcp_v4_rcv). */
export class Host implements HostServices {
  readonly counters: Record<string, number> = {};
  readonly sockets = new Map<number, TcpSocket>();
  readonly stubs = new Map<number, TimeWaitStub>();
  listener: Listener | undefined = undefined;
  /** Whether somebody listens on the port that a connection goes to. */
  isOpen: (conn: number) => boolean = () => false;

  constructor(
    readonly name: TcpHost,
    readonly settings: Settings,
    readonly wheel: TimerWheel,
    private readonly simulator: Simulator,
    private readonly clock: Clock,
    private readonly outlet: Outlet,
    readonly observer: SocketObserver<TcpSocket> | undefined,
    counters?: Record<string, number>,
  ) {
    if (counters) this.counters = counters;
  }

  get nowNs(): number {
    return this.clock.nowNs;
  }

  pass(ns: number): void {
    this.clock.pass(ns);
  }

  get turn(): number {
    return this.outlet.turn;
  }

  transmit(segment: Segment): void {
    this.outlet.transmit(segment);
  }

  after(delayNs: number, handler: () => void): number {
    return this.simulator.schedule(delayNs, () => this.outlet.interrupt(handler));
  }

  cancel(handle: number): void {
    this.simulator.cancel(handle);
  }

  forget(socket: TcpSocket): void {
    if (this.sockets.get(socket.conn) === socket) this.sockets.delete(socket.conn);
  }

  leaveTimeWait(socket: TcpSocket, substate: TimeWaitStub['substate'], timeoutJiffies: number): void {
    const stub = timeWaitStub(socket, substate, () => {
      if (this.stubs.get(stub.conn) === stub) this.stubs.delete(stub.conn);
      this.observer?.state(socket, 'CLOSE');
    });
    this.stubs.set(socket.conn, stub);
    this.observer?.state(socket, substate);
    this.observer?.timerSet(socket, 'time-wait', (timeoutJiffies * 1e9) / 250);
    this.wheel.arm(stub.timer, this.wheel.jiffies + timeoutJiffies);
  }

  /** `receive`, bound to this host. */
  readonly incoming = (segment: Segment): void => this.receive(segment);

  /** A segment arrives. */
  receive(segment: Segment): void {
    const socket = this.sockets.get(segment.conn);
    if (socket) {
      if (socket.owned) return addToBacklog(socket, segment);
      if (receive(socket, segment)) this.transmit(resetFor(segment, this.name));
      return;
    }
    const stub = this.stubs.get(segment.conn);
    if (stub) {
      if (!receiveInTimeWait(this, stub, segment)) return;
      this.wheel.disarm(stub.timer);
      this.stubs.delete(segment.conn);
      return;
    }
    const request = this.listener?.requests.get(segment.conn);
    if (request) return this.listener?.receiveFor(request, segment);
    const refused = this.listener && this.isOpen(segment.conn) ? this.listener.receive(segment) : !(segment.flags & RST);
    if (refused) this.transmit(resetFor(segment, this.name));
  }

  /** Runs a system call on a socket; what arrives meanwhile is worked in at its end (lock_sock, release_sock). */
  call<T>(socket: TcpSocket, work: () => T): T {
    socket.owned = true;
    const result = work();
    this.flush(socket);
    if (socket.ackDeferred) {
      socket.ackDeferred = false;
      if (socket.ackScheduled) sendAck(socket);
    }
    socket.owned = false;
    this.flush(socket);
    return result;
  }

  /** Works in what waits for a socket; whether anything did (sk_flush_backlog). */
  flush(socket: TcpSocket): boolean {
    let any = false;
    for (let segment = socket.backlog.shift(); segment; segment = socket.backlog.shift()) {
      any = true;
      if (receive(socket, segment)) this.transmit(resetFor(segment, this.name));
    }
    socket.backlogLen = 0;
    return any;
  }

  /** How many sockets are in each state, as /proc/net/tcp shows them without the listener. */
  states(): Partial<Record<TcpState, number>> {
    const counts: Partial<Record<TcpState, number>> = {};
    const add = (state: TcpState) => (counts[state] = (counts[state] ?? 0) + 1);
    for (const socket of this.sockets.values()) add(socket.state);
    for (const stub of this.stubs.values()) add(stub.substate);
    for (let i = this.listener?.requests.size ?? 0; i > 0; i--) add('SYN_RECV');
    return counts;
  }
}

/** Appends to what waits for a socket; an ACK that says no more than its predecessor is merged with it (tcp_add_backlog). */
function addToBacklog(socket: TcpSocket, segment: Segment): void {
  const tail = socket.backlog.at(-1);
  const plain = ACK | 8;
  const mergeable =
    tail && tail.len === 0 && segment.len === 0 && (tail.flags & ~plain) === 0 && (segment.flags & ~plain) === 0 && !((tail.flags | segment.flags) & SYN) &&
    endSeq(tail) === segment.seq && tail.tsVal === segment.tsVal && tail.tsEcr === segment.tsEcr && !tail.sacks && !segment.sacks;
  if (!mergeable) {
    if (socket.backlog.length === 0) socket.backlog = [segment];
    else socket.backlog.push(segment);
    socket.backlogLen += segment.senderTruesize;
    return;
  }
  tail.gsoSegs += segment.gsoSegs;
  if (segment.ack < tail.ack) return;
  tail.ack = segment.ack;
  tail.window = segment.window;
}
