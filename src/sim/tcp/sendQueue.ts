import { LOST, RETRANS, SACKED, sendBuffer, SEND_OVERHEAD, type SendBuffer } from './buffers.ts';
import { chargeSend, freeSend } from './memory.ts';
import { forgetOrder } from './transmit.ts';
import { FIN, PSH } from './segment.ts';
import type { TcpSocket } from './socket.ts';

/** Counts the segments a buffer makes (tcp_set_skb_tso_segs). */
export function countSegments(buffer: SendBuffer, mss: number): number {
  if (buffer.len <= mss) {
    buffer.gsoSize = 0;
    buffer.segments = 1;
  } else {
    buffer.gsoSize = mss;
    buffer.segments = Math.ceil(buffer.len / mss);
  }
  return buffer.segments;
}

/** Splits a buffer after `len` bytes; the second part follows it in its queue (tcp_fragment, tso_fragment). */
export function splitBuffer(socket: TcpSocket, queue: SendBuffer[], buffer: SendBuffer, len: number, mss: number): SendBuffer {
  const rest = sendBuffer(buffer.seq + len, buffer.flags);
  const moved = buffer.len - len;
  chargeSend(socket, SEND_OVERHEAD);
  rest.len = moved;
  rest.endSeq = buffer.endSeq;
  rest.truesize += moved;
  rest.marks = buffer.marks;
  rest.sentUs = buffer.sentUs;
  rest.deliveredAtSend = buffer.deliveredAtSend;
  buffer.truesize -= moved;
  buffer.len = len;
  buffer.endSeq = rest.seq;
  buffer.flags &= ~(FIN | PSH);
  const before = buffer.segments;
  countSegments(buffer, mss);
  countSegments(rest, mss);
  queue.splice(queue.indexOf(buffer) + 1, 0, rest);
  if (queue === socket.rtxQueue) {
    adjustCounts(socket, buffer, before - buffer.segments - rest.segments);
    const at = socket.sentOrder.indexOf(buffer);
    if (at >= 0) socket.sentOrder.splice(at + 1, 0, rest);
  }
  return rest;
}

/** `fewer` segments are in flight than were counted for a buffer with these marks (tcp_adjust_pcount). */
export function adjustCounts(socket: TcpSocket, buffer: SendBuffer, fewer: number): void {
  if (!fewer) return;
  socket.packetsOut -= fewer;
  if (buffer.marks & SACKED) socket.sackedOut -= fewer;
  if (buffer.marks & RETRANS) socket.retransOut -= fewer;
  if (buffer.marks & LOST) socket.lostOut -= fewer;
  if (!socket.sackOk && fewer > 0) socket.sackedOut -= Math.min(socket.sackedOut, fewer);
}

/** Moves up to `amount` bytes of the next buffer into a buffer at the head of the write queue (tcp_grow_skb). */
export function fillFromNext(socket: TcpSocket, buffer: SendBuffer, amount: number): void {
  const next = socket.writeQueue[1];
  if (!next) return;
  const moved = Math.min(amount, next.len);
  if (!moved) return;
  buffer.len += moved;
  buffer.truesize += moved;
  buffer.endSeq += moved;
  next.len -= moved;
  next.truesize -= moved;
  next.seq += moved;
  if (next.len > 0) return;
  buffer.endSeq = next.endSeq;
  buffer.flags |= next.flags;
  socket.writeQueue.splice(1, 1);
  freeSend(socket, next.truesize);
}

/** Drops acknowledged bytes at a buffer's front (tcp_trim_head). */
export function trimHead(socket: TcpSocket, buffer: SendBuffer, len: number): void {
  buffer.seq += len;
  buffer.len -= len;
  buffer.truesize -= len;
  freeSend(socket, len);
  if (buffer.segments > 1) countSegments(buffer, buffer.gsoSize);
}

/** An acknowledged or merged buffer leaves the retransmission queue (tcp_rtx_queue_unlink_and_free). */
export function releaseSent(socket: TcpSocket, buffer: SendBuffer): void {
  buffer.share.freed = true;
  forgetOrder(socket, buffer);
  if (socket.retransmitHint === buffer) socket.retransmitHint = undefined;
  freeSend(socket, buffer.truesize);
}

/** All that was queued is forgotten (tcp_write_queue_purge). */
export function purgeSendQueues(socket: TcpSocket): void {
  for (const buffer of socket.rtxQueue) releaseSent(socket, buffer);
  for (const buffer of socket.writeQueue) freeSend(socket, buffer.truesize);
  socket.rtxQueue = [];
  socket.writeQueue = [];
  socket.packetsOut = 0;
  socket.backoff = 0;
}
