import { sendBuffer, type ReceiveBuffer } from './buffers.ts';
import { PROCESSING } from './clock.ts';
import { restartAfterIdle } from './congestion.ts';
import { chargeSend, freeReceive, schedule } from './memory.ts';
import { advertisedMss, currentMss, sizeGoal, syncMss } from './mss.ts';
import { PSH, SYN } from './segment.ts';
import { pushFrames, pushPending, writeXmit } from './sender.ts';
import type { TcpSocket } from './socket.ts';
import { ACK_PUSHED, ACK_PUSHED2, NAGLE_CORK, NAGLE_OFF, NAGLE_PUSH, SHUT_RECEIVE, SHUT_SEND } from './socketFlags.ts';
import { armWriteTimer } from './timers.ts';
import { DATA_FLAGS, sendAck, transmitBuffer } from './transmit.ts';
import type { TcpSocketOptions } from '../../shared/scenario/tcp.ts';
import { adjustReceiveSpace, fullSpace, initialWindow, initReceiveMss, receiveWindow, windowToOffer } from './window.ts';

/** A full send buffer is looked at for what has meanwhile been acknowledged after this many new buffers. */
const FLUSH_AFTER = 16;
const MIN_SNDBUF = 4608;
const MIN_RCVBUF = 2304;

/** connect(): sends the SYN (tcp_connect). */
export function connect(socket: TcpSocket): void {
  const { settings } = socket.host;
  socket.headerLen = settings.tcp_timestamps ? 32 : 20;
  if (socket.userMss) socket.mssClamp = socket.userMss;
  socket.maxWindow = 0;
  syncMss(socket);
  socket.advmss = advertisedMss(settings.mtu, socket.userMss);
  initReceiveMss(socket);
  if (socket.rcvbufLocked) socket.windowClamp = fullSpace(socket);
  const window = initialWindow(socket, socket.advmss, settings.tcp_window_scaling !== 0);
  socket.rcvWnd = socket.rcvSsthresh = window.rcvWnd;
  socket.windowClamp = window.clamp;
  socket.rcvWscale = window.wscale;
  socket.setState('SYN_SENT');
  socket.retransStampMs = socket.nowMs;
  const syn = sendBuffer(0, SYN);
  syn.endSeq = 1;
  chargeSend(socket, syn.truesize);
  socket.writeSeq = 1;
  socket.packetsOut = 1;
  socket.rtxQueue.push(syn);
  socket.highestSack = syn;
  transmitBuffer(socket, syn);
  socket.sndNxt = socket.pushedSeq = 1;
  armWriteTimer(socket, 'retransmit', socket.rto);
}

/**
 * write() of `size` bytes that does not wait (tcp_sendmsg_locked): bytes taken, or the error's name. `flush` works the backlog in;
 * `more` is MSG_MORE: the last part segment waits for what follows.
 */
export function sendBytes(socket: TcpSocket, size: number, flush: () => boolean, more = false): number | string {
  if (socket.state !== 'ESTABLISHED' && socket.state !== 'CLOSE_WAIT') {
    if (socket.error) return takeError(socket);
    return socket.state === 'SYN_SENT' ? 'EAGAIN' : 'EPIPE';
  }
  if (socket.error) return takeError(socket);
  if (socket.shutdown & SHUT_SEND) return 'EPIPE';
  let mss = currentMss(socket);
  let goal = sizeGoal(socket, mss);
  let copied = 0;
  let fresh = 0;
  while (copied < size) {
    let tail = socket.writeQueue.at(-1);
    if (!tail || tail.len >= goal) {
      if (socket.wmemQueued >= socket.sndbuf) return stopFull(socket, copied, mss);
      if (fresh >= FLUSH_AFTER) {
        fresh = 0;
        if (flush()) {
          if (socket.error) return copied || takeError(socket);
          mss = currentMss(socket);
          goal = sizeGoal(socket, mss);
          continue;
        }
      }
      tail = sendBuffer(socket.writeSeq, DATA_FLAGS);
      chargeSend(socket, tail.truesize);
      socket.writeQueue.push(tail);
      socket.nonagle &= ~NAGLE_PUSH;
      restartAfterIdle(socket);
      fresh++;
    }
    const copy = Math.min(goal - tail.len, size - copied);
    schedule(socket, copy);
    chargeSend(socket, copy);
    if (!copied) tail.flags &= ~PSH;
    tail.len += copy;
    tail.truesize += copy;
    tail.endSeq += copy;
    socket.writeSeq += copy;
    copied += copy;
    socket.host.pass(copy * PROCESSING.writeByte);
    if (copied >= size || tail.len < goal) continue;
    if (forcedPush(socket)) {
      markPush(socket);
      pushFrames(socket, mss, NAGLE_PUSH);
    } else if (tail === socket.writeQueue[0]) writeXmit(socket, mss, NAGLE_PUSH, 'one');
  }
  if (copied) push(socket, mss, more ? NAGLE_CORK : socket.nonagle, more);
  return copied;
}

/** wait_for_space of tcp_sendmsg_locked: what was taken goes out, more is not taken. */
function stopFull(socket: TcpSocket, copied: number, mss: number): number | string {
  socket.noSpace = true;
  if (!copied) return 'EAGAIN';
  push(socket, mss, NAGLE_PUSH);
  push(socket, mss, socket.nonagle);
  return copied;
}

/** Half the largest window was written since the last PSH. */
function forcedPush(socket: TcpSocket): boolean {
  return socket.writeSeq > socket.pushedSeq + (socket.maxWindow >> 1);
}

function markPush(socket: TcpSocket): void {
  const tail = socket.writeQueue.at(-1);
  if (tail) tail.flags |= PSH;
  socket.pushedSeq = socket.writeSeq;
}

/** The write ends: its last buffer asks to be passed on, and what may go goes (tcp_push). */
function push(socket: TcpSocket, mss: number, nonagle: number, more = false): void {
  if (socket.writeQueue.length === 0) return;
  if (!more || forcedPush(socket)) markPush(socket);
  pushFrames(socket, mss, nonagle);
}

/** The pending error, told once; a write after that finds the pipe broken. */
export function takeError(socket: TcpSocket): string {
  const { error } = socket;
  socket.error = '';
  return error;
}

/** read() of up to `limit` bytes that does not wait: bytes, 0 at the end of the stream, or the error's name (tcp_recvmsg_locked). */
export function receiveBytes(socket: TcpSocket, limit: number): number | string {
  let copied = 0;
  while (copied < limit) {
    const first = socket.receiveQueue[0];
    if (!first) break;
    const end = first.endSeq - (first.fin ? 1 : 0);
    const used = Math.min(end - socket.copiedSeq, limit - copied);
    if (used > 0) {
      socket.copiedSeq += used;
      copied += used;
      socket.host.pass(PROCESSING.readBuffer + used * PROCESSING.readByte);
      adjustReceiveSpace(socket);
      if (socket.copiedSeq < end) break;
    }
    if (first.fin) socket.copiedSeq++;
    eat(socket, first);
    if (first.fin) break;
  }
  afterRead(socket, copied);
  if (copied || limit === 0) return copied;
  if (socket.done) return 0;
  if (socket.error) return takeError(socket);
  if (socket.shutdown & SHUT_RECEIVE) return 0;
  return socket.state === 'CLOSE' ? 'ENOTCONN' : 'EAGAIN';
}

function eat(socket: TcpSocket, buffer: ReceiveBuffer): void {
  socket.receiveQueue.shift();
  freeReceive(socket, buffer);
}

/** After a read: an ACK that is owed, or one that opens the window (tcp_cleanup_rbuf). */
function afterRead(socket: TcpSocket, copied: number): void {
  let now = false;
  if (socket.ackScheduled) {
    const { ackPending } = socket;
    const pushed = ackPending & ACK_PUSHED2 || (ackPending & ACK_PUSHED && !socket.inPingpong);
    now = socket.rcvNxt - socket.rcvWup > socket.rcvMss || (copied > 0 && pushed !== 0 && pushed !== false && socket.rmemAlloc === 0);
  }
  if (copied > 0 && !now && !(socket.shutdown & SHUT_RECEIVE)) {
    const left = receiveWindow(socket);
    if (2 * left <= socket.windowClamp) {
      const window = windowToOffer(socket);
      now = window !== 0 && window >= 2 * left;
    }
  }
  if (now) sendAck(socket);
}

/** TCP_DEFER_ACCEPT's seconds as a number of SYN-ACK timeouts (secs_to_retrans). */
function secondsToTimeouts(seconds: number): number {
  if (seconds <= 0) return 0;
  let timeout = 1;
  let period = 1;
  let count = 1;
  while (seconds > period && count < 255) {
    count++;
    timeout = Math.min(timeout * 2, 120);
    period += timeout;
  }
  return count;
}

/** setsockopt() for each option given (do_tcp_setsockopt, sock_setsockopt). */
export function setOptions(socket: TcpSocket, options: TcpSocketOptions): void {
  const { settings } = socket.host;
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (name === 'TCP_NODELAY') setNoDelay(socket, value !== 0);
    else if (name === 'TCP_CORK') setCork(socket, value !== 0);
    else if (name === 'TCP_QUICKACK') setQuickAck(socket, value);
    else if (name === 'TCP_MAXSEG') socket.userMss = value;
    else if (name === 'TCP_DEFER_ACCEPT') socket.deferAccept = secondsToTimeouts(value);
    else if (name === 'TCP_USER_TIMEOUT') socket.userTimeoutMs = value;
    else if (name === 'SO_RCVBUF') {
      socket.rcvbufLocked = true;
      socket.rcvbuf = Math.max(Math.min(value, settings.rmem_max) * 2, MIN_RCVBUF);
    } else if (name === 'SO_SNDBUF') {
      socket.sndbufLocked = true;
      socket.sndbuf = Math.max(Math.min(value, settings.wmem_max) * 2, MIN_SNDBUF);
    }
  }
}

function setNoDelay(socket: TcpSocket, on: boolean): void {
  if (!on) {
    socket.nonagle &= ~NAGLE_OFF;
    return;
  }
  socket.nonagle |= NAGLE_OFF | NAGLE_PUSH;
  pushPending(socket);
}

function setCork(socket: TcpSocket, on: boolean): void {
  if (on) {
    socket.nonagle |= NAGLE_CORK;
    return;
  }
  socket.nonagle &= ~NAGLE_CORK;
  if (socket.nonagle & NAGLE_OFF) socket.nonagle |= NAGLE_PUSH;
  pushPending(socket);
}

function setQuickAck(socket: TcpSocket, value: number): void {
  const { tcp_pingpong_thresh } = socket.host.settings;
  socket.pingpong = value ? 0 : tcp_pingpong_thresh;
  if (!value || (socket.state !== 'ESTABLISHED' && socket.state !== 'CLOSE_WAIT') || !socket.ackScheduled) return;
  socket.ackPending |= ACK_PUSHED;
  afterRead(socket, 1);
  if (!(value & 1)) socket.pingpong = tcp_pingpong_thresh;
}

