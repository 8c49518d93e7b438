import { sendBuffer, type SendBuffer } from './buffers.ts';
import { validateCwnd } from './congestion.ts';
import { chargeSend } from './memory.ts';
import { currentMss } from './mss.ts';
import { FIN } from './segment.ts';
import { countSegments, fillFromNext, splitBuffer } from './sendQueue.ts';
import type { TcpSocket } from './socket.ts';
import { NAGLE_CORK, NAGLE_OFF, NAGLE_PUSH, WRITABLE } from './socketFlags.ts';
import { armWriteTimer, checkProbeTimer, rearmRto, rtoDeltaUs } from './timers.ts';
import { FIN_FLAGS, transmitBuffer } from './transmit.ts';
import { jiffiesFromUs, JIFFY_US, TCP_TIMEOUT_INIT, TCP_TIMEOUT_MIN_US } from './units.ts';
import { expandSendBuffer } from './window.ts';

/** Why write_xmit runs: normally, for one full segment, or as a tail loss probe. */
type PushMode = 'all' | 'one' | 'probe';

/** Whether a part segment must wait: corked, or behind an unacknowledged small one (tcp_nagle_check, Minshall), or behind anything (RFC 896). */
function mustWait(socket: TcpSocket, partial: boolean, nonagle: number): boolean {
  if (!partial) return false;
  if (nonagle & NAGLE_CORK) return true;
  if (nonagle || !socket.packetsOut) return false;
  if (socket.host.settings.nagle === 'rfc896') return true;
  return socket.sndSml > socket.sndUna && socket.sndSml <= socket.sndNxt;
}

function nagleAllows(socket: TcpSocket, buffer: SendBuffer, mss: number, nonagle: number): boolean {
  if (nonagle & NAGLE_PUSH || buffer.flags & FIN) return true;
  if (!mustWait(socket, buffer.len < mss, nonagle)) return true;
  socket.host.observer?.held(socket, buffer.len, nonagle & NAGLE_CORK ? 'cork' : 'nagle');
  return false;
}

/** Segments to send at once: a millisecond's worth at the pacing rate, more at short round trips (tcp_tso_autosize). */
export function segmentsAtOnce(socket: TcpSocket, mss: number): number {
  const { gsoMaxSegs, gsoMaxSize } = socket.host.settings;
  let bytes = socket.pacingRate / 1024;
  const shift = Math.floor(socket.minRttUs / 512);
  if (shift < 32) bytes += Math.floor(gsoMaxSize / 2 ** shift);
  return Math.min(Math.max(Math.floor(Math.min(bytes, gsoMaxSize) / mss), 2), gsoMaxSegs);
}

/** How much of a large buffer leaves now (tcp_mss_split_point). */
function splitPoint(socket: TcpSocket, buffer: SendBuffer, mss: number, maxSegs: number, nonagle: number): number {
  const window = socket.windowEnd - buffer.seq;
  const most = mss * maxSegs;
  if (most <= window && buffer !== socket.writeQueue.at(-1)) return most;
  const needed = Math.min(buffer.len, window);
  if (most <= needed) return most;
  const partial = needed % mss;
  return mustWait(socket, partial !== 0, nonagle) ? needed - partial : needed;
}

/** Whether to wait for more so that a larger piece can be sent (tcp_tso_should_defer). */
function shouldDefer(socket: TcpSocket, buffer: SendBuffer, maxSegs: number): 'cwnd' | 'window' | 'wait' | undefined {
  if (socket.caState === 'recovery' || socket.caState === 'loss') return undefined;
  const nowUs = socket.nowUs;
  if (nowUs - socket.lastSentUs > 1000) return undefined;
  const window = socket.windowEnd - buffer.seq;
  const congestion = (socket.sndCwnd - socket.inFlight) * socket.mssCache;
  const limit = Math.min(window, congestion);
  if (limit >= maxSegs * socket.mssCache) return undefined;
  if (buffer !== socket.writeQueue.at(-1) && limit >= buffer.len) return undefined;
  if (limit >= Math.floor(Math.min(socket.sndWnd, socket.sndCwnd * socket.mssCache) / 3)) return undefined;
  const head = socket.rtxQueue[0];
  if (!head) return undefined;
  const srttUs = socket.srttUs / 8;
  if (head.sentUs + srttUs - nowUs > Math.min(srttUs / 2, 1000)) return undefined;
  if (congestion < window) {
    if (congestion <= buffer.len) return 'cwnd';
  } else if (window <= buffer.len) return 'window';
  return buffer.flags & FIN ? undefined : 'wait';
}

/** Sends what window, congestion window and Nagle allow; true where nothing is in flight and something waits (tcp_write_xmit). */
export function writeXmit(socket: TcpSocket, mss: number, nonagle: number, mode: PushMode): boolean {
  let sent = 0;
  let cwndLimited = false;
  const maxSegs = segmentsAtOnce(socket, mss);
  for (let buffer = socket.writeQueue[0]; buffer; buffer = socket.writeQueue[0]) {
    let quota = cwndQuota(socket);
    if (!quota) {
      if (mode !== 'probe') break;
      quota = 1;
    }
    quota = Math.min(quota, maxSegs);
    if (quota * mss > buffer.len) fillFromNext(socket, buffer, quota * mss - buffer.len);
    const segments = countSegments(buffer, mss);
    if ((buffer.len > mss ? buffer.seq + mss : buffer.endSeq) > socket.windowEnd) break;
    if (segments === 1) {
      if (!nagleAllows(socket, buffer, mss, socket.writeQueue.length === 1 ? nonagle : NAGLE_PUSH)) break;
    } else if (mode === 'all') {
      const defer = shouldDefer(socket, buffer, maxSegs);
      if (defer === 'cwnd') cwndLimited = true;
      if (defer) break;
    }
    const limit = segments > 1 ? splitPoint(socket, buffer, mss, quota, nonagle) : mss;
    if (buffer.len > limit) {
      if (limit <= 0) break;
      splitBuffer(socket, socket.writeQueue, buffer, limit, mss);
    }
    transmitBuffer(socket, buffer);
    newDataSent(socket, buffer);
    if (buffer.len < buffer.segments * mss) socket.sndSml = buffer.endSeq;
    sent += buffer.segments;
    if (mode !== 'all') break;
  }
  cwndLimited ||= socket.inFlight >= socket.sndCwnd;
  if (sent || cwndLimited) validateCwnd(socket, cwndLimited);
  if (!sent) return !socket.packetsOut && socket.writeQueue.length > 0;
  if (socket.inCwndReduction) socket.prrOut += sent;
  if (mode !== 'probe') scheduleLossProbe(socket, false);
  return false;
}

/** tcp_cwnd_test: at most half the window in one piece. */
function cwndQuota(socket: TcpSocket): number {
  const free = socket.sndCwnd - socket.inFlight;
  return free <= 0 ? 0 : Math.min(Math.max(socket.sndCwnd >> 1, 1), free);
}

/** A buffer is in flight for the first time (tcp_event_new_data_sent). */
export function newDataSent(socket: TcpSocket, buffer: SendBuffer): void {
  const before = socket.packetsOut;
  socket.sndNxt = buffer.endSeq;
  socket.writeQueue.shift();
  socket.rtxQueue.push(buffer);
  socket.highestSack ??= buffer;
  socket.packetsOut += buffer.segments;
  if (!before || socket.pending === 'probe') rearmRto(socket);
  checkSpace(socket);
}

/** A writer that found the buffer full may go on; an unlocked buffer grows with the congestion window (tcp_check_space). */
export function checkSpace(socket: TcpSocket): void {
  if (!socket.noSpace) return;
  if (!socket.sndbufLocked && socket.inFlight < socket.sndCwnd) {
    expandSendBuffer(socket);
    socket.sndCwndStamp = socket.jiffies;
  }
  const free = socket.sndbuf - socket.wmemQueued;
  if (free < socket.wmemQueued >> 1) return;
  socket.noSpace = false;
  socket.wake(WRITABLE);
}

/** __tcp_push_pending_frames. */
export function pushFrames(socket: TcpSocket, mss: number, nonagle: number): void {
  if (socket.state === 'CLOSE') return;
  if (writeXmit(socket, mss, nonagle, 'all')) checkProbeTimer(socket);
}

/** tcp_push_pending_frames. */
export function pushPending(socket: TcpSocket): void {
  if (socket.writeQueue.length > 0) pushFrames(socket, currentMss(socket), socket.nonagle);
}

/** Arms the tail loss probe in the retransmission timer's stead (tcp_schedule_loss_probe; RFC 8985 §7.2). */
export function scheduleLossProbe(socket: TcpSocket, advancing: boolean): boolean {
  const early = socket.host.settings.tcp_early_retrans;
  if ((early !== 3 && early !== 4) || !socket.packetsOut || !socket.sackOk) return false;
  if (socket.caState !== 'open' && socket.caState !== 'cwr') return false;
  let timeout = TCP_TIMEOUT_INIT;
  if (socket.srttUs) {
    const margin = socket.packetsOut === 1 ? socket.rtoMinUs : TCP_TIMEOUT_MIN_US;
    timeout = jiffiesFromUs(Math.floor(socket.srttUs / 4) + margin);
  }
  const untilRto = advancing ? socket.rto * JIFFY_US : rtoDeltaUs(socket);
  if (untilRto > 0) timeout = Math.min(timeout, jiffiesFromUs(untilRto));
  armWriteTimer(socket, 'probe', timeout);
  return true;
}

/** Queues a FIN, on the last unsent buffer where there is one, and sends all that may go (tcp_send_fin). */
export function sendFin(socket: TcpSocket): void {
  const tail = socket.writeQueue.at(-1);
  if (tail) {
    tail.flags |= FIN;
    tail.endSeq++;
    socket.writeSeq++;
  } else {
    const buffer = sendBuffer(socket.writeSeq, FIN_FLAGS);
    buffer.endSeq++;
    socket.writeSeq++;
    chargeSend(socket, buffer.truesize);
    socket.writeQueue.push(buffer);
  }
  pushFrames(socket, currentMss(socket), NAGLE_OFF);
}
