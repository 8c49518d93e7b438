import { fail, finTimeout, timeWait } from './close.ts';
import { enterLoss } from './loss.ts';
import { currentMss } from './mss.ts';
import { rackTimeout, rackTimeoutUs } from './rack.ts';
import { retransmit, sendLossProbe } from './retransmit.ts';
import { computedRto } from './rtt.ts';
import { PSH } from './segment.ts';
import { newDataSent } from './sender.ts';
import { splitBuffer } from './sendQueue.ts';
import type { TcpSocket, TimerHandlers } from './socket.ts';
import { ACK_TIMER } from './socketFlags.ts';
import { armWriteTimer, probeInterval, probeWithinUserTimeout, rtoWithinUserTimeout, timerName } from './timers.ts';
import { sendAck, sendProbe, transmitBuffer } from './transmit.ts';
import { jiffiesFromMs, TCP_ATO_MIN, TCP_DELACK_MAX, TCP_RTO_MIN, TCP_TIMEOUT_INIT, TCP_TIMEWAIT_LEN } from './units.ts';

/** What a socket's timers do when they fire. */
export const timerHandlers: TimerHandlers = { write: writeTimer, delayedAck: delayedAckTimer, keepalive: keepaliveTimer };

/** tcp_delack_timer_handler: the ACK goes out now; a lone expiry ends the interactive mode. */
function delayedAckTimer(socket: TcpSocket): void {
  if (socket.state === 'CLOSE') return;
  if (socket.compressedAcks) return sendAck(socket);
  if (!(socket.ackPending & ACK_TIMER)) return;
  if (socket.ackTimeout > socket.jiffies) return socket.host.wheel.arm(socket.delackTimer, socket.ackTimeout);
  socket.ackPending &= ~ACK_TIMER;
  socket.host.observer?.timerFired(socket, 'delayed-ack');
  if (!socket.ackScheduled) return;
  if (!socket.inPingpong) socket.ato = Math.min(socket.ato << 1, socket.rto, TCP_DELACK_MAX);
  else {
    socket.pingpong = 0;
    socket.ato = TCP_ATO_MIN;
  }
  sendAck(socket);
  socket.count('DelayedACKs');
}

/** tcp_write_timer_handler. */
function writeTimer(socket: TcpSocket): void {
  const { pending } = socket;
  if (socket.state === 'CLOSE' || !pending) return;
  if (socket.timeout > socket.jiffies) return socket.host.wheel.arm(socket.writeTimer, socket.timeout);
  socket.host.observer?.timerFired(socket, timerName(socket, pending));
  if (pending === 'reorder') rackTimeout(socket);
  else if (pending === 'probe') sendLossProbe(socket);
  else {
    socket.pending = undefined;
    if (pending === 'retransmit') retransmitTimer(socket);
    else probeTimer(socket);
  }
}

/** An orphan waited in FIN_WAIT2 for longer than TIME_WAIT lasts (tcp_keepalive_timer). */
function keepaliveTimer(socket: TcpSocket): void {
  if (socket.state !== 'FIN_WAIT2' || !socket.dead) return;
  timeWait(socket, 'FIN_WAIT2', Math.max(finTimeout(socket) - TCP_TIMEWAIT_LEN, 0));
}

/** How long `boundary` doublings from `base` jiffies take, milliseconds (tcp_model_timeout). */
function modelTimeoutMs(socket: TcpSocket, boundary: number, base: number): number {
  const { rtoMax } = socket.host.settings;
  const doublings = Math.floor(Math.log2(rtoMax / base));
  const jiffies = boundary <= doublings ? (2 ** (boundary + 1) - 1) * base : (2 ** (doublings + 1) - 1) * base + (boundary - doublings) * rtoMax;
  return jiffies * 4;
}

/** retransmits_timed_out. */
function timedOut(socket: TcpSocket, boundary: number, givenMs: number): boolean {
  if (!socket.retransmits) return false;
  const timeoutMs = givenMs || modelTimeoutMs(socket, boundary, socket.state === 'SYN_SENT' ? TCP_TIMEOUT_INIT : TCP_RTO_MIN);
  return socket.nowMs - socket.retransStampMs >= timeoutMs;
}

/** How often a socket without a program tries (tcp_orphan_retries). */
function orphanRetries(socket: TcpSocket, alive: boolean): number {
  const retries = socket.host.settings.tcp_orphan_retries;
  return retries === 0 && alive ? 8 : retries;
}

/** Whether it is time to give up (tcp_write_timeout); tells the program so. */
function givesUp(socket: TcpSocket): boolean {
  const { settings } = socket.host;
  let expired = false;
  let retries = settings.tcp_retries2;
  if (socket.state === 'SYN_SENT') {
    retries = settings.tcp_syn_retries;
    expired = socket.retransmits >= retries + settings.tcp_syn_linear_timeouts;
  } else if (socket.dead) retries = orphanRetries(socket, socket.rto < settings.rtoMax);
  if (!expired && !timedOut(socket, retries, socket.userTimeoutMs)) return false;
  fail(socket, 'ETIMEDOUT');
  return true;
}

/** The retransmission timer (tcp_retransmit_timer; RFC 6298 §5). */
function retransmitTimer(socket: TcpSocket): void {
  const { settings } = socket.host;
  const head = socket.rtxQueue[0];
  if (!socket.packetsOut || !head) return;
  const isOverdue = (buffer: typeof head) => rackTimeoutUs(socket, buffer, 0) <= 0;
  if (!socket.sndWnd && !socket.dead && socket.state !== 'SYN_SENT') {
    const sinceMs = socket.nowMs - (socket.retransStampMs || Math.floor(head.sentUs / 1000));
    if (windowClosedTooLong(socket, sinceMs)) return fail(socket, 'ETIMEDOUT');
    enterLoss(socket, isOverdue);
    retransmit(socket, head, 1);
    return backOff(socket);
  }
  socket.count('TCPTimeouts');
  if (givesUp(socket)) return;
  enterLoss(socket, isOverdue);
  socket.retransmits++;
  socket.totalRto++;
  retransmit(socket, socket.rtxQueue[0] as typeof head, 1);
  const thin = settings.tcp_thin_linear_timeouts && socket.packetsOut < 4 && socket.state === 'ESTABLISHED' && socket.retransmits <= 6;
  if (thin) {
    socket.backoff = 0;
    socket.rto = Math.max(computedRto(socket), settings.rtoMin);
    return armWriteTimer(socket, 'retransmit', rtoWithinUserTimeout(socket));
  }
  backOff(socket);
}

/** Doubles the timeout, but not for the first SYNs, which are linear (tcp_syn_linear_timeouts). */
function backOff(socket: TcpSocket): void {
  const { settings } = socket.host;
  if (socket.state !== 'SYN_SENT' || socket.totalRto > settings.tcp_syn_linear_timeouts) {
    socket.backoff++;
    socket.rto = Math.min(socket.rto * 2, settings.rtoMax);
  }
  armWriteTimer(socket, 'retransmit', rtoWithinUserTimeout(socket));
}

/** tcp_rtx_probe0_timed_out. */
function windowClosedTooLong(socket: TcpSocket, sinceMs: number): boolean {
  let timeout = socket.host.settings.rtoMax * 2;
  if (socket.userTimeoutMs) {
    if (sinceMs > socket.userTimeoutMs) return true;
    timeout = Math.min(timeout, jiffiesFromMs(socket.userTimeoutMs));
  }
  return socket.timeout - socket.rcvTstamp > timeout && jiffiesFromMs(sinceMs) > timeout;
}

/** The persist timer: asks whether the window has opened, or sends what cork or Nagle held (tcp_probe_timer; RFC 9293 §3.8.6.1). */
function probeTimer(socket: TcpSocket): void {
  const { settings } = socket.host;
  if (socket.packetsOut || socket.writeQueue.length === 0) {
    socket.probesOut = 0;
    socket.probesStamp = 0;
    return;
  }
  if (!socket.probesStamp) socket.probesStamp = socket.jiffies;
  else if (socket.userTimeoutMs && socket.jiffies - socket.probesStamp >= jiffiesFromMs(socket.userTimeoutMs)) return fail(socket, 'ETIMEDOUT');
  let most = settings.tcp_retries2;
  if (socket.dead) {
    const alive = Math.min(socket.rto * 2 ** socket.backoff, settings.rtoMax) < settings.rtoMax;
    most = orphanRetries(socket, alive);
    if (!alive && socket.backoff >= most) return fail(socket, 'ETIMEDOUT');
  }
  if (socket.probesOut >= most) return fail(socket, 'ETIMEDOUT');
  wakeUpPeer(socket);
  if (socket.packetsOut || socket.writeQueue.length === 0) {
    socket.probesOut = 0;
    socket.backoff = 0;
    socket.probesStamp = 0;
    return;
  }
  socket.probesOut++;
  if (socket.backoff < settings.tcp_retries2) socket.backoff++;
  armWriteTimer(socket, 'persist', probeWithinUserTimeout(socket, probeInterval(socket)));
}

/** Sends as much as the window takes, else an empty probe (tcp_write_wakeup). */
function wakeUpPeer(socket: TcpSocket): void {
  const head = socket.writeQueue[0];
  if (!head || head.seq >= socket.windowEnd) return sendProbe(socket);
  const mss = currentMss(socket);
  let size = socket.windowEnd - head.seq;
  socket.pushedSeq = Math.max(socket.pushedSeq, head.endSeq);
  if (size < head.endSeq - head.seq || head.len > mss) {
    size = Math.min(size, mss);
    head.flags |= PSH;
    if (size < head.len) splitBuffer(socket, socket.writeQueue, head, size, mss);
  }
  head.flags |= PSH;
  transmitBuffer(socket, head);
  newDataSent(socket, head);
}
