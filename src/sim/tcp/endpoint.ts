import type { TcpApp, TcpSocketOptions } from '../../shared/scenario/tcp.ts';
import type { TcpHost } from '../../shared/tcpTrace.ts';
import type { Host } from './host.ts';
import { closeSocket, fail, shutdownSending } from './close.ts';
import { WORK, type Machine, type Watch } from './machine.ts';
import type { EventFields, EventKind } from './recording.ts';
import type { TcpSocket } from './socket.ts';
import { FAILED, HUNG_UP, READABLE, SHUT_RECEIVE, SHUT_SEND, WRITABLE } from './socketFlags.ts';
import { receiveBytes, sendBytes, setOptions, takeError } from './syscalls.ts';

/** Bytes that one read asks for at most. */
const READ_CHUNK = 1 << 20;

export interface EndpointEvents {
  event(endpoint: Endpoint, kind: EventKind, more?: EventFields): void;
  readonly nowNs: number;
  readonly machine: Machine;
}

/** A program's end of a connection and the little it does by itself. */
export class Endpoint implements Watch {
  interest: number;
  readonly work = WORK.ready;
  queued = false;
  closed = false;
  connected: boolean;
  afterConnect: TcpSocketOptions | undefined = undefined;
  private received = 0;
  private replied = 0;
  private requestsLeft = -1;
  private awaiting = 0;
  private askedNs = 0;
  private over = false;

  constructor(
    private readonly program: EndpointEvents,
    readonly host: Host,
    readonly role: TcpHost,
    readonly name: string,
    readonly socket: TcpSocket,
    private readonly app: TcpApp,
  ) {
    this.connected = role === 'server';
    this.interest = role === 'server' ? READABLE : READABLE | WRITABLE;
  }

  get isOpen(): boolean {
    return !this.over;
  }

  /** Registers with epoll. */
  startWatching(): void {
    this.socket.watcher = this;
    this.program.machine.watch(this);
  }

  /** Something happened to its socket. */
  woken(events: number): void {
    this.program.machine.wake(this, events);
  }

  private forget(): void {
    this.closed = true;
    this.socket.watcher = undefined;
  }

  /** tcp_poll. */
  poll(): number {
    const { socket } = this;
    const { state, shutdown } = socket;
    let events = 0;
    if (shutdown === (SHUT_RECEIVE | SHUT_SEND) || state === 'CLOSE') events |= HUNG_UP;
    if (shutdown & SHUT_RECEIVE) events |= READABLE;
    if (state !== 'SYN_SENT' && state !== 'SYN_RECV') {
      if (socket.rcvNxt > socket.copiedSeq && socket.receiveQueue.length > 0) events |= READABLE;
      if (shutdown & SHUT_SEND || socket.sndbuf - socket.wmemQueued >= socket.wmemQueued >> 1) events |= WRITABLE;
    }
    if (socket.error) events |= FAILED;
    return events;
  }

  ready(): void {
    if (!this.connected) return this.connectDone();
    this.readable();
  }

  private connectDone(): void {
    if (this.socket.error) {
      this.program.event(this, 'connect-failed', { error: takeError(this.socket) });
      return this.forget();
    }
    this.connected = true;
    this.program.event(this, 'connected');
    this.interest = READABLE;
    this.program.machine.watch(this);
    if (this.afterConnect) this.setOptions(this.afterConnect);
    const { requests } = this.app;
    if (!requests) return;
    this.requestsLeft = requests.count;
    this.request();
  }

  private readable(): void {
    if (this.app.read === 'manual') return this.forget();
    this.receive(Infinity);
    const { reply } = this.app;
    while (reply && this.received - this.replied >= reply.per) {
      this.replied += reply.per;
      this.send(reply.bytes);
    }
    if (this.requestsLeft >= 0 && this.received >= this.awaiting) {
      this.program.event(this, 'response', { latencyNs: this.program.nowNs - this.askedNs });
      this.request();
    }
  }

  /** Sends the next request as its writes, one system call each. */
  private request(): void {
    const { requests } = this.app;
    if (!requests) return;
    if (this.requestsLeft === 0) {
      this.requestsLeft = -1;
      return;
    }
    this.requestsLeft--;
    this.awaiting += requests.response_bytes;
    this.askedNs = this.program.nowNs;
    for (const count of requests.writes) this.send(count);
  }

  setOptions(options: TcpSocketOptions): void {
    this.host.call(this.socket, () => setOptions(this.socket, options));
  }

  send(count: number): void {
    const taken = this.write(count);
    if (typeof taken === 'string') this.program.event(this, 'error', { error: taken });
    else this.program.event(this, 'sent', { bytes: taken, of: count });
  }

  /** Bytes taken, 0 where the buffer is full, or the name of an error. */
  private write(count: number): number | string {
    if (this.over) return 'EBADF';
    const taken = this.host.call(this.socket, () => sendBytes(this.socket, count, () => this.host.flush(this.socket)));
    return taken === 'EAGAIN' ? 0 : taken;
  }

  /** Writes chunks until the kernel takes no more. */
  fill(chunk: number): void {
    let total = 0;
    for (;;) {
      const taken = this.write(chunk);
      if (typeof taken === 'string') {
        this.program.event(this, 'error', { error: taken });
        break;
      }
      if (taken === 0) break;
      total += taken;
    }
    this.program.event(this, 'filled', { bytes: total });
  }

  /** Reads until nothing is left or `limit` bytes came. */
  receive(limit: number): void {
    if (this.over) {
      if (limit > 0) this.program.event(this, 'error', { error: 'EBADF' });
      return;
    }
    let total = 0;
    while (total < limit) {
      const got = this.host.call(this.socket, () => receiveBytes(this.socket, Math.min(limit - total, READ_CHUNK)));
      if (got === 'EAGAIN') break;
      if (typeof got === 'string') this.program.event(this, 'error', { error: got });
      else if (got === 0) this.program.event(this, 'end-of-stream');
      if (typeof got === 'string' || got === 0) {
        this.forget();
        break;
      }
      total += got;
    }
    if (!total) return;
    this.received += total;
    this.program.event(this, 'received', { bytes: total });
  }

  shutdown(): void {
    const { socket } = this;
    if (this.over || socket.state === 'CLOSE') return;
    if (socket.state === 'SYN_SENT') return fail(socket, 'ECONNRESET');
    this.host.call(socket, () => shutdownSending(socket));
  }

  close(): void {
    if (this.over) return;
    this.over = true;
    this.forget();
    const { socket, host } = this;
    socket.owned = true;
    closeSocket(socket, () => {
      socket.owned = false;
      host.flush(socket);
    });
  }
}
