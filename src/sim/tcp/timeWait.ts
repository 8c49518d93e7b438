import { ACK, bareSegment, endSeq, FIN, resetFor, RST, SYN, type Segment } from './segment.ts';
import type { HostServices, TcpSocket } from './socket.ts';
import { INVALID_RATELIMIT, TCP_TIMEWAIT_LEN } from './units.ts';
import { wheelTimer, type WheelTimer } from './wheel.ts';
import { receiveWindow } from './window.ts';

/** What is left of a closed connection so that stray segments find an answer (struct tcp_timewait_sock; RFC 9293 §3.6.1). */
export interface TimeWaitStub {
  readonly conn: number;
  substate: 'TIME_WAIT' | 'FIN_WAIT2';
  rcvNxt: number;
  readonly sndNxt: number;
  readonly rcvWnd: number;
  readonly rcvWscale: number;
  readonly timestamps: boolean;
  lastOowJiffies: number;
  readonly timer: WheelTimer;
}

export function timeWaitStub(socket: TcpSocket, substate: TimeWaitStub['substate'], expired: () => void): TimeWaitStub {
  return {
    conn: socket.conn, substate, rcvNxt: socket.rcvNxt, sndNxt: socket.sndNxt, rcvWnd: receiveWindow(socket), rcvWscale: socket.rcvWscale,
    timestamps: socket.timestamps, lastOowJiffies: -1, timer: wheelTimer(expired, undefined),
  };
}

function sendStubAck(host: HostServices, stub: TimeWaitStub): void {
  const segment = bareSegment(host.name, stub.conn, ACK, stub.sndNxt, stub.rcvNxt);
  // Unlike a socket's, it is not capped: without scaling a window above 65535 loses its higher bits (tcp_v4_timewait_ack).
  segment.window = Math.floor(stub.rcvWnd / 2 ** stub.rcvWscale) & 0xffff;
  segment.timestamps = stub.timestamps;
  segment.headerLen += stub.timestamps ? 12 : 0;
  host.transmit(segment);
}

function sendLimitedAck(host: HostServices, stub: TimeWaitStub): void {
  const now = host.wheel.jiffies;
  if (stub.lastOowJiffies >= 0 && now - stub.lastOowJiffies < INVALID_RATELIMIT) return;
  stub.lastOowJiffies = now;
  sendStubAck(host, stub);
}

/** A segment for a closed connection (tcp_timewait_state_process). Returns whether the stub goes. */
export function receiveInTimeWait(host: HostServices, stub: TimeWaitStub, segment: Segment): boolean {
  const end = endSeq(segment);
  const { flags } = segment;
  if (stub.substate === 'FIN_WAIT2') return receiveInFinWait2(host, stub, segment);
  const restart = () => host.wheel.arm(stub.timer, host.wheel.jiffies + TCP_TIMEWAIT_LEN);
  if (segment.seq === stub.rcvNxt && (segment.seq === end || flags & RST)) {
    if (flags & RST) return true;
    restart();
    return false;
  }
  if (flags & RST) return false;
  if (flags & ACK) restart();
  sendLimitedAck(host, stub);
  return false;
}

function receiveInFinWait2(host: HostServices, stub: TimeWaitStub, segment: Segment): boolean {
  const end = endSeq(segment);
  const { flags } = segment;
  const inWindow = segment.seq === stub.rcvNxt || (end > stub.rcvNxt && segment.seq < stub.rcvNxt + stub.rcvWnd);
  if (!inWindow) {
    sendLimitedAck(host, stub);
    return false;
  }
  if (flags & RST) return true;
  if (flags & SYN && segment.seq >= stub.rcvNxt) return reset(host, segment);
  if (!(flags & ACK) || end <= stub.rcvNxt || end === segment.seq) return false;
  if (!(flags & FIN) || end !== stub.rcvNxt + 1) return reset(host, segment);
  stub.substate = 'TIME_WAIT';
  stub.rcvNxt = end;
  host.wheel.arm(stub.timer, host.wheel.jiffies + TCP_TIMEWAIT_LEN);
  sendStubAck(host, stub);
  return false;
}

function reset(host: HostServices, segment: Segment): true {
  host.transmit(resetFor(segment, host.name));
  return true;
}
