import { EVER_RETRANS, LOST, RETRANS, SACKED, type SendBuffer } from './buffers.ts';
import { currentMss } from './mss.ts';
import { SYN } from './segment.ts';
import { adjustCounts, countSegments, releaseSent, splitBuffer, trimHead } from './sendQueue.ts';
import { segmentsAtOnce, writeXmit } from './sender.ts';
import type { TcpSocket } from './socket.ts';
import { NAGLE_OFF } from './socketFlags.ts';
import { armWriteTimer, rearmRto } from './timers.ts';
import { transmitBuffer } from './transmit.ts';
import { roundDown } from './units.ts';

/** Sends a buffer again, split or filled up to the present segment size; false where the window forbids it (__tcp_retransmit_skb). */
function resend(socket: TcpSocket, buffer: SendBuffer, segments: number): boolean {
  if (buffer.seq < socket.sndUna && !(buffer.flags & SYN)) trimHead(socket, buffer, socket.sndUna - buffer.seq);
  const mss = currentMss(socket);
  let window = socket.windowEnd - buffer.seq;
  if (window <= 0) {
    if (buffer.seq !== socket.sndUna) return false;
    window = mss;
  }
  let len = mss * segments;
  if (len > window) len = roundDown(window, mss) || window;
  if (buffer.len > len) splitBuffer(socket, socket.rtxQueue, buffer, len, mss);
  else {
    const before = buffer.segments;
    countSegments(buffer, mss);
    adjustCounts(socket, buffer, before - buffer.segments);
    const room = Math.min(window, mss);
    if (buffer.len < room) mergeFollowers(socket, buffer, room);
  }
  if (buffer.flags & SYN) socket.count('TCPSynRetrans');
  socket.totalRetrans += buffer.segments;
  transmitBuffer(socket, buffer);
  buffer.marks |= EVER_RETRANS;
  return true;
}

/** Small buffers that follow are sent with one that is sent again (tcp_retrans_try_collapse). */
function mergeFollowers(socket: TcpSocket, to: SendBuffer, room: number): void {
  if (!socket.host.settings.tcp_retrans_collapse || to.flags & SYN || socket.host.settings.loopback) return;
  if (to.segments > 1 || to.marks & SACKED) return;
  let space = room - to.len;
  for (let at = socket.rtxQueue.indexOf(to) + 1; at < socket.rtxQueue.length;) {
    const next = socket.rtxQueue[at] as SendBuffer;
    if (next.segments > 1 || next.marks & SACKED) return;
    space -= next.len;
    if (space < 0 || next.endSeq > socket.windowEnd) return;
    to.len += next.len;
    to.truesize += next.len;
    next.truesize -= next.len;
    to.endSeq = next.endSeq;
    to.flags |= next.flags;
    to.marks |= next.marks & EVER_RETRANS;
    if (socket.highestSack === next) socket.highestSack = to;
    const hinted = socket.retransmitHint === next;
    adjustCounts(socket, next, next.segments);
    socket.rtxQueue.splice(at, 1);
    releaseSent(socket, next);
    if (hinted) socket.retransmitHint = to;
  }
}

/** tcp_retransmit_skb. */
export function retransmit(socket: TcpSocket, buffer: SendBuffer, segments: number): boolean {
  const sent = resend(socket, buffer, segments);
  if (sent) {
    buffer.marks |= RETRANS | EVER_RETRANS;
    socket.retransOut += buffer.segments;
  }
  socket.retransStampMs ||= socket.nowMs;
  socket.undoRetrans = Math.max(socket.undoRetrans, 0) + buffer.segments;
  return sent;
}

/** Sends again what is marked lost, as far as the congestion window allows (tcp_xmit_retransmit_queue). */
export function retransmitLost(socket: TcpSocket): void {
  if (!socket.packetsOut) return;
  const head = socket.rtxQueue[0];
  const atOnce = segmentsAtOnce(socket, currentMss(socket));
  let hole = false;
  let rearm = false;
  const start = socket.retransmitHint ? Math.max(socket.rtxQueue.indexOf(socket.retransmitHint), 0) : 0;
  for (let i = start; i < socket.rtxQueue.length; i++) {
    const buffer = socket.rtxQueue[i] as SendBuffer;
    if (!hole) socket.retransmitHint = buffer;
    const room = socket.sndCwnd - socket.inFlight;
    if (room <= 0 || socket.retransOut >= socket.lostOut) break;
    if (!(buffer.marks & LOST)) {
      if (!(buffer.marks & (RETRANS | SACKED))) hole = true;
      continue;
    }
    if (buffer.marks & (SACKED | RETRANS)) continue;
    if (!retransmit(socket, buffer, Math.min(room, atOnce))) break;
    if (socket.inCwndReduction) socket.prrOut += buffer.segments;
    if (buffer === head && socket.pending !== 'reorder') rearm = true;
  }
  if (rearm) armWriteTimer(socket, 'retransmit', socket.rto);
}

/** Sends new data, or the last segment again, so that a lost tail is noticed before the RTO (tcp_send_loss_probe; RFC 8985 §7.3). */
export function sendLossProbe(socket: TcpSocket): void {
  if (!socket.tlpHighSeq && probe(socket)) {
    socket.tlpHighSeq = socket.sndNxt;
    socket.pending = undefined;
  }
  rearmRto(socket);
}

function probe(socket: TcpSocket): boolean {
  const mss = currentMss(socket);
  socket.tlpRetrans = false;
  const next = socket.writeQueue[0];
  if (next && (next.len > mss ? next.seq + mss : next.endSeq) <= socket.windowEnd) {
    const before = socket.packetsOut;
    writeXmit(socket, mss, NAGLE_OFF, 'probe');
    return socket.packetsOut > before;
  }
  let last = socket.rtxQueue.at(-1);
  if (!last) return false;
  if (last.segments > 1 && last.len > (last.segments - 1) * mss) last = splitBuffer(socket, socket.rtxQueue, last, (last.segments - 1) * mss, mss);
  if (!resend(socket, last, 1)) return false;
  socket.tlpRetrans = true;
  return true;
}
