import { takeSynOptions } from './input.ts';
import { advertisedMss, syncMss } from './mss.ts';
import { ACK, bareSegment, SYN, type Segment } from './segment.ts';
import { TcpSocket } from './socket.ts';
import { timerHandlers } from './timerHandlers.ts';
import { TIMESTAMP_OPTION } from './units.ts';
import { fullSpace, initialWindow, initReceiveMss } from './window.ts';
import { wheelTimer, type WheelTimer } from './wheel.ts';

/** The segment sizes that a cookie can carry (msstab). */
const COOKIE_MSS = [1460, 1440, 1300, 536];

/** An embryonic connection: struct request_sock. On /proc/net/tcp it is in SYN_RECV. */
export interface Request {
  readonly conn: number;
  readonly syn: Segment;
  readonly timer: WheelTimer;
  readonly rcvWnd: number;
  readonly clamp: number;
  readonly wscale: number;
  readonly mss: number;
  /** When its SYN-ACK was sent, microseconds. */
  synAckUs: number;
  timeouts: number;
  retransmissions: number;
  acked: boolean;
  lastOowJiffies: number;
}

const sizeOf = (template: TcpSocket) => advertisedMss(template.host.settings.mtu, template.userMss);
const scales = (template: TcpSocket, syn: Segment) => syn.wscale >= 0 && template.host.settings.tcp_window_scaling !== 0;
const stamps = (template: TcpSocket, syn: Segment) => syn.timestamps && template.host.settings.tcp_timestamps !== 0;

/** What is kept of a SYN; of one that a cookie stands for, only what the cookie can carry (tcp_openreq_init, tcp_openreq_init_rwin). */
export function openRequest(template: TcpSocket, syn: Segment, cookie: boolean, timedOut: (conn: number) => void): Request {
  const kept = cookie && !syn.timestamps ? { ...syn, wscale: -1, sackOk: false } : syn;
  template.windowClamp = template.rcvbufLocked ? fullSpace(template) : 0;
  const window = initialWindow(template, sizeOf(template) - (stamps(template, kept) ? TIMESTAMP_OPTION : 0), scales(template, kept));
  const offered = syn.mss || 536;
  const mss = template.userMss && template.userMss < offered ? template.userMss : offered;
  return {
    conn: syn.conn, syn: kept, timer: wheelTimer(timedOut, syn.conn), rcvWnd: window.rcvWnd, clamp: window.clamp, wscale: window.wscale,
    mss: cookie ? (COOKIE_MSS.find((size) => size <= mss) ?? 536) : mss,
    synAckUs: template.nowUs, timeouts: 0, retransmissions: 0, acked: false, lastOowJiffies: -1,
  };
}

/** The answer to a SYN (tcp_make_synack). */
export function synAck(template: TcpSocket, request: Request): Segment {
  const { syn } = request;
  const { host } = template;
  const segment = bareSegment(host.name, request.conn, SYN | ACK, 0, 1);
  segment.mss = sizeOf(template);
  segment.wscale = scales(template, syn) ? request.wscale : -1;
  segment.sackOk = syn.sackOk && host.settings.tcp_sack !== 0;
  segment.timestamps = stamps(template, syn);
  segment.tsVal = template.nowMs;
  segment.tsEcr = syn.tsVal;
  segment.window = Math.min(request.rcvWnd, 65_535);
  segment.headerLen = 24 + (segment.timestamps ? TIMESTAMP_OPTION : segment.sackOk ? 4 : 0) + (segment.wscale >= 0 ? 4 : 0);
  return segment;
}

/** The socket that a completed handshake makes, with what it inherits of the listener's (tcp_v4_syn_recv_sock, tcp_create_openreq_child). */
export function createChild(template: TcpSocket, request: Request, segment: Segment): TcpSocket {
  const { syn } = request;
  const child = new TcpSocket(template.host, request.conn, timerHandlers);
  child.rcvbuf = template.rcvbuf;
  child.sndbuf = template.sndbuf;
  child.rcvbufLocked = template.rcvbufLocked;
  child.sndbufLocked = template.sndbufLocked;
  child.nonagle = template.nonagle;
  if (template.userMss) child.userMss = template.userMss;
  if (template.userTimeoutMs) child.userTimeoutMs = template.userTimeoutMs;
  takeSynOptions(child, syn);
  child.mssClamp = request.mss;
  child.hasProgram = false;
  child.rcvWup = child.copiedSeq = child.rcvNxt = 1;
  child.sndSml = child.sndUna = child.sndNxt = child.writeSeq = child.pushedSeq = 1;
  child.lrcvtime = child.lsndtime = child.jiffies;
  if (request.retransmissions) child.totalRetrans = request.retransmissions;
  child.windowClamp = child.windowScaling ? request.clamp : Math.min(request.clamp, 65_535);
  child.rcvSsthresh = child.rcvWnd = request.rcvWnd;
  child.rcvWscale = child.windowScaling ? request.wscale : 0;
  child.sndWnd = child.maxWindow = segment.window * 2 ** child.sndWscale;
  child.tsRecent = child.timestamps ? Math.max(syn.tsVal, segment.tsVal) : 0;
  child.headerLen = child.timestamps ? 32 : 20;
  if (request.timeouts) {
    child.totalRto = request.timeouts;
    child.undoMarker = 0;
    child.retransStampMs = Math.floor(request.synAckUs / 1000);
  }
  if (segment.len + segment.headerLen >= 536 + child.headerLen) child.lastSegSize = segment.len + segment.headerLen - child.headerLen;
  syncMss(child);
  child.advmss = sizeOf(template);
  initReceiveMss(child);
  child.setState('SYN_RECV');
  return child;
}
