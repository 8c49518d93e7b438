import type { SynDropReason } from '../../shared/tcpTrace.ts';
import { receive } from './input.ts';
import { createChild, openRequest, synAck, type Request } from './openRequest.ts';
import { updateRtt } from './rtt.ts';
import { ACK, bareSegment, endSeq, resetFor, RST, SYN, type Segment } from './segment.ts';
import type { HostServices, TcpSocket } from './socket.ts';
import { HZ, INVALID_RATELIMIT, TCP_TIMEOUT_INIT } from './units.ts';

/** How long after an overflow cookies are still believed (TCP_SYNCOOKIE_VALID). */
const COOKIE_VALID = 120 * HZ;

/** Is told what happens at a listener. */
export interface ListenerObserver {
  synQueue(length: number): void;
  acceptQueue(length: number): void;
  dropped(conn: number, reason: SynDropReason): void;
  synAckTimer(conn: number, what: 'set' | 'fired' | 'cancelled', delayNs: number): void;
}

/** A listening socket with its two queues (inet_connection_sock.c, tcp_conn_request, tcp_check_req). */
export class Listener {
  readonly requests = new Map<number, Request>();
  readonly acceptQueue: TcpSocket[] = [];
  /** Requests whose SYN-ACK has not yet timed out. */
  private young = 0;
  private lastOverflow = -Infinity;
  /** SYNs whose essence a cookie carries back: segment size and, with timestamps, scale and SACK. */
  private readonly cookies = new Map<number, Segment>();
  onReady: (() => void) | undefined = undefined;
  /** Takes over a connection whose handshake is complete. */
  onChild: ((child: TcpSocket) => void) | undefined = undefined;

  constructor(
    private readonly host: HostServices,
    /** Holds what setsockopt set before listen(), for children to inherit. */
    readonly template: TcpSocket,
    private readonly backlog: number,
    private readonly observer: ListenerObserver | undefined,
  ) {}

  /** A segment for the listener itself: a SYN, or an ACK that may hold a cookie. True where it is to be answered with RST. */
  receive(segment: Segment): boolean {
    if (segment.flags & SYN) {
      if (segment.flags & ACK) return true;
      if (segment.flags & RST) return false;
      this.connectionRequest(segment);
      return false;
    }
    if (segment.flags & RST) return false;
    if (!(segment.flags & ACK)) return false;
    return this.cookieAck(segment);
  }

  private get acceptQueueFull(): boolean {
    return this.acceptQueue.length > this.backlog;
  }

  private drop(conn: number, reason: SynDropReason): void {
    this.count('ListenDrops');
    this.observer?.dropped(conn, reason);
  }

  private count(counter: string): void {
    const { counters } = this.host;
    counters[counter] = (counters[counter] ?? 0) + 1;
  }

  /** tcp_conn_request. Both queues hold backlog + 1. */
  private connectionRequest(segment: Segment): void {
    const { settings } = this.host;
    let cookie = false;
    if (settings.tcp_syncookies === 2 || this.requests.size > this.backlog) {
      if (!settings.tcp_syncookies) {
        this.count('TCPReqQFullDrop');
        return this.drop(segment.conn, 'syn-queue-full');
      }
      this.count('TCPReqQFullDoCookies');
      cookie = true;
    }
    if (this.acceptQueueFull) {
      this.count('ListenOverflows');
      return this.drop(segment.conn, 'accept-queue-full');
    }
    const most = settings.tcp_max_syn_backlog;
    if (!cookie && !settings.tcp_syncookies && most - this.requests.size < most >> 2) return this.drop(segment.conn, 'syn-queue-full');
    const request = openRequest(this.template, segment, cookie, this.synAckTimeout);
    if (cookie) {
      this.lastOverflow = this.host.wheel.jiffies;
      this.cookies.set(segment.conn, segment);
      this.count('SyncookiesSent');
    } else {
      this.requests.set(segment.conn, request);
      this.young++;
      this.arm(request, TCP_TIMEOUT_INIT);
      this.observer?.synQueue(this.requests.size);
    }
    this.sendSynAck(request);
  }

  private sendSynAck(request: Request): void {
    this.host.transmit(synAck(this.template, request));
  }

  private arm(request: Request, timeout: number): void {
    this.host.wheel.arm(request.timer, this.host.wheel.jiffies + timeout);
    this.observer?.synAckTimer(request.conn, 'set', (timeout * 1e9) / HZ);
  }

  /** The SYN-ACK is sent again, 1, 3, 7, … s after the first; a half full queue gives up on the old sooner (reqsk_timer_handler). */
  private readonly synAckTimeout = (conn: number): void => {
    const { settings } = this.host;
    const request = this.requests.get(conn);
    if (!request) return;
    this.observer?.synAckTimer(request.conn, 'fired', 0);
    let retries = settings.tcp_synack_retries;
    if (this.requests.size * 2 > Math.max(8, this.backlog)) {
      for (let young = this.young * 2; retries > 2 && this.requests.size >= young; young *= 2) retries--;
    }
    this.count('TCPTimeouts');
    const defer = this.template.deferAccept;
    const late = request.timeouts >= retries;
    const expired = defer ? late && (!request.acked || request.timeouts >= defer) : late;
    if (expired) return this.remove(request);
    if (!defer || !request.acked || request.timeouts >= defer - 1) this.retransmitSynAck(request);
    if (request.timeouts++ === 0) this.young--;
    this.arm(request, this.timeoutOf(request));
  };

  private timeoutOf(request: Request): number {
    return Math.min(TCP_TIMEOUT_INIT * 2 ** request.timeouts, this.host.settings.rtoMax);
  }

  private retransmitSynAck(request: Request): void {
    request.retransmissions++;
    this.count('TCPSynRetrans');
    this.sendSynAck(request);
  }

  private remove(request: Request): void {
    if (this.requests.get(request.conn) !== request) return;
    this.requests.delete(request.conn);
    if (request.timeouts === 0) this.young--;
    this.host.wheel.disarm(request.timer);
    this.observer?.synAckTimer(request.conn, 'cancelled', 0);
    this.observer?.synQueue(this.requests.size);
  }

  /** A segment for an embryonic connection (tcp_check_req). */
  receiveFor(request: Request, segment: Segment): void {
    const { settings } = this.host;
    const { flags } = segment;
    if (segment.seq === 0 && (flags & (RST | SYN | ACK)) === SYN) return this.synAgain(request);
    if (flags & ACK && !(flags & RST) && segment.ack !== 1) {
      if (this.receive(segment)) this.host.transmit(resetFor(segment, this.host.name));
      return;
    }
    if (endSeq(segment) < 1 || segment.seq > 1 + request.rcvWnd) {
      if (!(flags & RST) && !this.oowLimited(request)) this.sendAckFor(request);
      return;
    }
    if (flags & RST) {
      if (segment.seq === 1) this.remove(request);
      return;
    }
    if (!(flags & ACK)) return;
    if (request.timeouts < this.template.deferAccept && endSeq(segment) === 1) {
      request.acked = true;
      return;
    }
    if (this.acceptQueueFull) {
      this.count('ListenOverflows');
      this.drop(request.conn, 'accept-queue-full');
      if (!settings.tcp_abort_on_overflow) {
        request.acked = true;
        return;
      }
      this.host.transmit(resetFor(segment, this.host.name));
      return this.remove(request);
    }
    const child = createChild(this.template, request, segment);
    if (request.retransmissions === 0) updateRtt(child, child.nowUs - request.synAckUs, -1, child.nowUs - request.synAckUs, true, false);
    this.remove(request);
    this.enqueue(child, segment);
  }

  private oowLimited(request: Request): boolean {
    const now = this.host.wheel.jiffies;
    if (request.lastOowJiffies >= 0 && now - request.lastOowJiffies < INVALID_RATELIMIT) return true;
    request.lastOowJiffies = now;
    return false;
  }

  private synAgain(request: Request): void {
    if (this.oowLimited(request)) return;
    this.retransmitSynAck(request);
    this.arm(request, this.timeoutOf(request));
  }

  private sendAckFor(request: Request): void {
    const segment = bareSegment(this.host.name, request.conn, ACK, 1, 1);
    segment.window = Math.floor(request.rcvWnd / 2 ** request.wscale);
    this.host.transmit(segment);
  }

  /** An ACK that no connection knows: with cookies on, it may rebuild one (cookie_v4_check). True where it is answered with RST. */
  private cookieAck(segment: Segment): boolean {
    const { settings, wheel } = this.host;
    const syn = this.cookies.get(segment.conn);
    if (!settings.tcp_syncookies || !syn || segment.seq !== 1 || segment.ack !== 1 || wheel.jiffies - this.lastOverflow > COOKIE_VALID) return true;
    this.count('SyncookiesRecv');
    if (this.acceptQueueFull) {
      this.count('ListenOverflows');
      this.drop(segment.conn, 'accept-queue-full');
      return false;
    }
    const request = openRequest(this.template, { ...syn, timestamps: segment.timestamps, tsVal: segment.tsVal }, true, this.synAckTimeout);
    this.enqueue(createChild(this.template, request, segment), segment);
    return false;
  }

  /** The handshake is complete: the connection waits for accept(), and works on the segment that completed it. */
  private enqueue(child: TcpSocket, segment: Segment): void {
    this.acceptQueue.push(child);
    this.onChild?.(child);
    this.observer?.acceptQueue(this.acceptQueue.length);
    if (receive(child, segment)) this.host.transmit(resetFor(segment, this.host.name));
    this.onReady?.();
  }

  /** accept(): the connection that has waited longest, if any (inet_csk_accept). */
  accept(): TcpSocket | undefined {
    const child = this.acceptQueue.shift();
    if (!child) return undefined;
    child.hasProgram = true;
    this.observer?.acceptQueue(this.acceptQueue.length);
    return child;
  }
}
