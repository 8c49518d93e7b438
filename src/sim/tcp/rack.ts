import { LOST, RETRANS, RETRANS_ANY, type SendBuffer } from './buffers.ts';
import { reduceCwnd } from './congestion.ts';
import { enterRecovery, isRecovering, markLost } from './loss.ts';
import { retransmitLost } from './retransmit.ts';
import type { TcpSocket } from './socket.ts';
import { armWriteTimer, rearmRto } from './timers.ts';
import { forgetOrder } from './transmit.ts';
import { jiffiesFromUs, TCP_TIMEOUT_MIN_US } from './units.ts';

/** How late a segment may be before it counts as lost: nothing until reordering was seen (tcp_rack_reo_wnd; RFC 8985 §6.2). */
function reorderingWindowUs(socket: TcpSocket): number {
  if (!socket.reordSeen && (isRecovering(socket.caState) || socket.sackedOut >= socket.reordering)) return 0;
  return Math.min(Math.floor(socket.minRttUs / 4) * socket.rackReoSteps, Math.floor(socket.srttUs / 8));
}

/** Microseconds until a buffer counts as lost (tcp_rack_skb_timeout). */
export function rackTimeoutUs(socket: TcpSocket, buffer: SendBuffer, windowUs: number): number {
  return socket.rackRttUs + windowUs - (socket.nowUs - buffer.sentUs);
}

const sentAfter = (timeA: number, timeB: number, endA: number, endB: number) => timeA > timeB || (timeA === timeB && endA > endB);

/** What was sent so long before something that has arrived is lost; returns the longest wait left, microseconds (tcp_rack_detect_loss). */
function detectLoss(socket: TcpSocket): number {
  const windowUs = reorderingWindowUs(socket);
  let wait = 0;
  for (const buffer of [...socket.sentOrder]) {
    if (buffer.marks & LOST && !(buffer.marks & RETRANS)) continue;
    if (!sentAfter(socket.rackSentUs, buffer.sentUs, socket.rackEndSeq, buffer.endSeq)) break;
    const remaining = rackTimeoutUs(socket, buffer, windowUs);
    if (remaining <= 0) {
      markLost(socket, buffer);
      forgetOrder(socket, buffer);
    } else wait = Math.max(wait, remaining);
  }
  return wait;
}

/** After an ACK: marks what is lost; true where a timer waits for the rest (tcp_rack_mark_lost). */
export function rackMarkLost(socket: TcpSocket): boolean {
  if (!socket.rackAdvanced) return false;
  socket.rackAdvanced = false;
  const wait = detectLoss(socket);
  if (wait) armWriteTimer(socket, 'reorder', Math.min(jiffiesFromUs(wait + TCP_TIMEOUT_MIN_US), socket.rto));
  return wait > 0;
}

/** A buffer was delivered: everything sent well before it should have been too (tcp_rack_advance). */
export function rackAdvance(socket: TcpSocket, marks: number, end: number, sentUs: number): void {
  const rttUs = socket.nowUs - sentUs;
  if (rttUs < socket.minRttUs && marks & RETRANS_ANY) return;
  socket.rackAdvanced = true;
  socket.rackRttUs = rttUs;
  if (!sentAfter(sentUs, socket.rackSentUs, end, socket.rackEndSeq)) return;
  socket.rackSentUs = sentUs;
  socket.rackEndSeq = end;
}

/** The wait for reordered segments is over (tcp_rack_reo_timeout). */
export function rackTimeout(socket: TcpSocket): void {
  const before = socket.inFlight;
  const { lost } = socket;
  detectLoss(socket);
  if (before !== socket.inFlight) {
    if (socket.caState !== 'recovery') {
      enterRecovery(socket);
      reduceCwnd(socket, 1, socket.lost - lost, false);
    }
    retransmitLost(socket);
  }
  if (socket.pending !== 'retransmit') rearmRto(socket);
}

/** Duplicate SACKs widen the reordering window, recoveries without narrow it (tcp_rack_update_reo_wnd). */
export function rackUpdateWindow(socket: TcpSocket, priorDelivered: number): void {
  if (!priorDelivered) return;
  if (priorDelivered < socket.rackLastDelivered) socket.rackDsackSeen = false;
  if (socket.rackDsackSeen) {
    socket.rackReoSteps = Math.min(255, socket.rackReoSteps + 1);
    socket.rackDsackSeen = false;
    socket.rackLastDelivered = socket.delivered;
    socket.rackReoPersist = 16;
  } else if (!socket.rackReoPersist) socket.rackReoSteps = 1;
}
