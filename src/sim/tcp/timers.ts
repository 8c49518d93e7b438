import type { TcpTimer } from '../../shared/tcpTrace.ts';
import type { TcpSocket } from './socket.ts';
import { ACK_TIMER, type PendingTimer } from './socketFlags.ts';
import { jiffiesFromMs, jiffiesFromUs, JIFFY_NS, JIFFY_US, TCP_RTO_MIN, TCP_TIMEOUT_MIN } from './units.ts';

/** The trace's name for what the retransmission timer is armed for. */
export function timerName(socket: TcpSocket, what: PendingTimer): TcpTimer {
  if (what === 'retransmit') return socket.state === 'SYN_SENT' ? 'syn' : 'retransmit';
  if (what === 'persist') return socket.nonagle && socket.sndWnd > 0 ? 'cork' : 'persist';
  return what === 'probe' ? 'probe' : 'retransmit';
}

/** Arms the one timer of a socket's sending side (inet_csk_reset_xmit_timer). `delay` in jiffies. */
export function armWriteTimer(socket: TcpSocket, what: Exclude<PendingTimer, undefined>, delay: number): void {
  const when = Math.min(delay, socket.host.settings.rtoMax);
  socket.pending = what;
  socket.timeout = socket.jiffies + when;
  socket.host.wheel.arm(socket.writeTimer, socket.timeout);
  socket.host.observer?.timerSet(socket, timerName(socket, what), when * JIFFY_NS);
}

/** inet_csk_clear_xmit_timer: the kernel's timer stays armed and finds nothing to do. */
export function clearWriteTimer(socket: TcpSocket): void {
  if (socket.pending) socket.host.observer?.timerCancelled(socket, timerName(socket, socket.pending));
  socket.pending = undefined;
}

/** Arms the delayed ACK for a jiffy. */
export function armDelayedAck(socket: TcpSocket, timeout: number): void {
  socket.ackPending |= ACK_TIMER;
  socket.ackTimeout = timeout;
  socket.host.wheel.arm(socket.delackTimer, timeout);
  socket.host.observer?.timerSet(socket, 'delayed-ack', (timeout - socket.jiffies) * JIFFY_NS);
}

/** An ACK went out: nothing is pending any more (inet_csk_clear_xmit_timer, ICSK_TIME_DACK). */
export function clearDelayedAck(socket: TcpSocket): void {
  if (socket.ackPending & ACK_TIMER) socket.host.observer?.timerCancelled(socket, 'delayed-ack');
  socket.ackPending = 0;
}

/** Microseconds until the first segment in flight times out (tcp_rto_delta_us). */
export function rtoDeltaUs(socket: TcpSocket): number {
  const head = socket.rtxQueue[0];
  const rtoUs = socket.rto * JIFFY_US;
  return head ? head.sentUs + rtoUs - socket.nowUs : rtoUs;
}

/** Restarts the retransmission timer, or stops it with nothing in flight (tcp_rearm_rto; RFC 6298 §5). */
export function rearmRto(socket: TcpSocket): void {
  if (!socket.packetsOut) return clearWriteTimer(socket);
  let { rto } = socket;
  if (socket.pending === 'reorder' || socket.pending === 'probe') rto = jiffiesFromUs(Math.max(rtoDeltaUs(socket), 1));
  armWriteTimer(socket, 'retransmit', rto);
}

/** The interval of zero-window probes, doubled at each (tcp_probe0_when). */
export function probeInterval(socket: TcpSocket): number {
  const backoff = Math.min(socket.backoff, Math.floor(Math.log2(socket.host.settings.rtoMax / TCP_RTO_MIN)) + 1);
  return Math.min(Math.max(socket.rto, TCP_RTO_MIN) * 2 ** backoff, socket.host.settings.rtoMax);
}

/** Something waits, nothing is in flight and no timer runs: cork, Nagle's leftovers or a closed window (tcp_check_probe_timer). */
export function checkProbeTimer(socket: TcpSocket): void {
  if (!socket.packetsOut && !socket.pending) armWriteTimer(socket, 'persist', Math.max(socket.rto, TCP_RTO_MIN));
}

/** TCP_USER_TIMEOUT bounds the next retransmission (tcp_clamp_rto_to_user_timeout). */
export function rtoWithinUserTimeout(socket: TcpSocket): number {
  if (!socket.userTimeoutMs) return socket.rto;
  const remaining = socket.userTimeoutMs - (socket.nowMs - socket.retransStampMs);
  return remaining <= 0 ? 1 : Math.min(socket.rto, jiffiesFromMs(remaining));
}

/** TCP_USER_TIMEOUT bounds the next probe (tcp_clamp_probe0_to_user_timeout). */
export function probeWithinUserTimeout(socket: TcpSocket, when: number): number {
  if (!socket.userTimeoutMs || !socket.probesStamp) return when;
  const elapsed = Math.max(0, socket.jiffies - socket.probesStamp);
  return Math.min(Math.max(jiffiesFromMs(socket.userTimeoutMs) - elapsed, TCP_TIMEOUT_MIN), when);
}

/** All of a socket's timers stop (tcp_clear_xmit_timers). */
export function clearAllTimers(socket: TcpSocket): void {
  clearWriteTimer(socket);
  clearDelayedAck(socket);
  const { wheel } = socket.host;
  wheel.disarm(socket.writeTimer);
  wheel.disarm(socket.delackTimer);
  wheel.disarm(socket.keepaliveTimer);
  if (socket.compressedTimer) socket.host.cancel(socket.compressedTimer);
  socket.compressedTimer = 0;
}
