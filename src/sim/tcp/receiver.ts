import { coalesce, PAGE_ROOM, plainTruesize, type ReceiveBuffer } from './buffers.ts';
import { checkFastPath } from './ack.ts';
import { peerFinished } from './close.ts';
import { compressAck } from './compressedAck.ts';
import { chargeReceive, freeReceive, schedule } from './memory.ts';
import { chargeMore, extendDuplicate, insertEarly, addBlock, pruneEarly, removeBlocks, setDuplicate } from './outOfOrder.ts';
import { FIN, PSH, type Segment } from './segment.ts';
import type { TcpSocket } from './socket.ts';
import { ACK_NO_MEMORY, ACK_NOW, ACK_PUSHED, ACK_PUSHED2, READABLE } from './socketFlags.ts';
import { scheduleAck, sendAck, sendDelayedAck } from './transmit.ts';
import { TCP_ATO_MIN, TCP_DELACK_MAX, TCP_FASTRETRANS_THRESH, TCP_MAX_QUICKACKS, TCP_MIN_MSS, TCP_MSS_DEFAULT } from './units.ts';
import { clampWindow, growReceiveBuffer, growWindow, receiveWindow, windowFromSpace, windowToOffer } from './window.ts';

/** The number of ACKs to send at once: enough for the sender's slow start, at most 16 (tcp_incr_quickack). */
function addQuickAcks(socket: TcpSocket): void {
  const wanted = Math.floor(socket.rcvWnd / (2 * socket.rcvMss)) || 2;
  socket.quick = Math.max(socket.quick, Math.min(wanted, TCP_MAX_QUICKACKS));
}

/** tcp_enter_quickack_mode. */
export function enterQuickAckMode(socket: TcpSocket): void {
  addQuickAcks(socket);
  socket.pingpong = 0;
  socket.ato = TCP_ATO_MIN;
}

/** Guesses the peer's segment size and how much of a buffer is payload, which sizes the window (tcp_measure_rcv_mss). */
function measureReceiveMss(socket: TcpSocket, segment: Segment, buffer: ReceiveBuffer): void {
  const last = socket.lastSegSize;
  socket.lastSegSize = 0;
  const len = segment.gsoSize || segment.len;
  if (len >= socket.rcvMss) {
    if (len !== socket.rcvMss) adjustScalingRatio(socket, segment.len, buffer.truesize);
    socket.rcvMss = Math.min(len, socket.advmss);
    if (segment.flags & PSH) socket.ackPending |= ACK_PUSHED;
    return;
  }
  const withHeader = len + segment.headerLen;
  if (withHeader >= TCP_MSS_DEFAULT + 20 || (withHeader >= TCP_MIN_MSS + 20 && !(segment.flags & (FIN | PSH)))) {
    const size = withHeader - socket.headerLen;
    socket.lastSegSize = size;
    if (size === last) {
      socket.rcvMss = size;
      return;
    }
  }
  if (socket.ackPending & ACK_PUSHED) socket.ackPending |= ACK_PUSHED2;
  socket.ackPending |= ACK_PUSHED;
}

function adjustScalingRatio(socket: TcpSocket, len: number, truesize: number): void {
  const before = socket.scalingRatio;
  socket.scalingRatio = Math.min(255, Math.floor((len * 256) / truesize)) || 1;
  if (before === socket.scalingRatio) return;
  socket.windowClamp = windowFromSpace(socket, socket.rcvbuf);
  socket.rcvqSpace = Math.min(socket.rcvqSpace, socket.windowClamp);
}

/** The round trip as the receiver sees it: time until the window it offered was used (tcp_rcv_rtt_measure). */
function measureReceiveRtt(socket: TcpSocket): void {
  const now = socket.nowUs;
  if (socket.rcvRttTimeUs >= 0) {
    if (socket.rcvNxt < socket.rcvRttSeq) return;
    updateReceiveRtt(socket, Math.max(now - socket.rcvRttTimeUs, 1), true);
  }
  socket.rcvRttSeq = socket.rcvNxt + socket.rcvWnd;
  socket.rcvRttTimeUs = now;
}

function updateReceiveRtt(socket: TcpSocket, sampleUs: number, byWindow: boolean): void {
  const before = socket.rcvRttUs;
  const scaled = sampleUs * 8;
  if (before === 0 || scaled < before) socket.rcvRttUs = scaled;
  else if (!byWindow) socket.rcvRttUs = before - Math.floor(before / 8) + sampleUs;
}

/** tcp_rcv_rtt_measure_ts: by the echoed timestamp of full segments. */
export function measureReceiveRttByTimestamp(socket: TcpSocket, segment: Segment): void {
  if (socket.rcvTsEcr === socket.rcvRttLastTsEcr) return;
  socket.rcvRttLastTsEcr = socket.rcvTsEcr;
  if (segment.len < socket.rcvMss) return;
  const deltaMs = socket.nowMs - socket.rcvTsEcr;
  if (deltaMs > 0) updateReceiveRtt(socket, deltaMs * 1000, false);
}

/** Data came in order: size, round trip, pace of ACKs, window (tcp_event_data_recv). */
function dataArrived(socket: TcpSocket, segment: Segment, buffer: ReceiveBuffer): void {
  scheduleAck(socket);
  measureReceiveMss(socket, segment, buffer);
  measureReceiveRtt(socket);
  const now = socket.jiffies;
  if (!socket.ato) {
    addQuickAcks(socket);
    socket.ato = TCP_ATO_MIN;
  } else {
    const gap = now - socket.lrcvtime;
    if (gap <= TCP_ATO_MIN / 2) socket.ato = (socket.ato >> 1) + TCP_ATO_MIN / 2;
    else if (gap < socket.ato) socket.ato = Math.min((socket.ato >> 1) + gap, socket.rto, TCP_DELACK_MAX);
    else if (gap > socket.rto) addQuickAcks(socket);
  }
  socket.lrcvtime = now;
  if (segment.len >= 128) growWindow(socket, buffer, segment.len, true);
}

/** Appends to the receive queue, into the last buffer where it has room (tcp_queue_rcv). Returns whether it was merged. */
function append(socket: TcpSocket, buffer: ReceiveBuffer): boolean {
  const tail = socket.receiveQueue.at(-1);
  const more = tail && tail.endSeq === buffer.seq && !tail.fin ? coalesce(tail, buffer) : -1;
  socket.rcvNxt = buffer.endSeq;
  if (!tail || more < 0) {
    socket.receiveQueue.push(buffer);
    return false;
  }
  tail.endSeq = buffer.endSeq;
  tail.len += buffer.len;
  tail.fin ||= buffer.fin;
  chargeMore(socket, tail, more);
  return true;
}

/** A predicted segment with data: the short way (tcp_rcv_established). */
export function queueFast(socket: TcpSocket, segment: Segment, buffer: ReceiveBuffer): void {
  const { truesize } = buffer;
  if (!append(socket, buffer)) chargeReceive(socket, truesize);
  dataArrived(socket, segment, buffer);
}

/** Whether memory can be had for a segment, if need be by giving up others (tcp_try_rmem_schedule, tcp_prune_queue). */
function makeRoom(socket: TcpSocket, buffer: ReceiveBuffer): boolean {
  schedule(socket, buffer.truesize);
  if (socket.rmemAlloc <= socket.rcvbuf) return true;
  clampWindow(socket);
  if (socket.rmemAlloc <= socket.rcvbuf) return true;
  collapse(socket);
  if (socket.rmemAlloc <= socket.rcvbuf) return true;
  pruneEarly(socket, buffer.seq);
  return socket.rmemAlloc <= socket.rcvbuf;
}

/** Copies wasteful neighbours into whole pages (tcp_collapse). */
function collapse(socket: TcpSocket): void {
  const queue = socket.receiveQueue;
  const from = queue.findIndex((b) => !b.fin && windowFromSpace(socket, b.truesize) > b.len);
  if (from < 0) return;
  const old = queue.splice(from);
  const first = old[0] as ReceiveBuffer;
  let start = Math.max(first.seq, socket.copiedSeq);
  const end = (old.findLast((b) => !b.fin) ?? first).endSeq;
  for (const buffer of old) {
    if (buffer.fin) {
      queue.push(buffer);
      continue;
    }
    freeReceive(socket, buffer);
    while (start < buffer.endSeq) {
      let tail = queue.at(-1);
      if (!tail || tail.tailroom === 0 || tail.seq < first.seq || tail.fin) {
        const room = Math.min(PAGE_ROOM, end - start);
        tail = { seq: start, endSeq: start, len: 0, fin: false, truesize: plainTruesize(room), tailroom: room, frags: 0, shared: () => false };
        chargeReceive(socket, tail.truesize);
        queue.push(tail);
      }
      const moved = Math.min(tail.tailroom, buffer.endSeq - start);
      tail.tailroom -= moved;
      tail.len += moved;
      tail.endSeq += moved;
      start += moved;
    }
  }
}

/** Takes a segment's data in: next in order, early, or old (tcp_data_queue; RFC 9293 §3.10.7.4). */
export function queueData(socket: TcpSocket, segment: Segment, buffer: ReceiveBuffer): void {
  if (buffer.seq === buffer.endSeq) return;
  socket.dsack = undefined;
  if (buffer.seq === socket.rcvNxt) {
    if (receiveWindow(socket) === 0 && !(buffer.len === 0 && buffer.fin)) return refuse(socket);
    return queueInOrder(socket, segment, buffer);
  }
  if (buffer.endSeq <= socket.rcvNxt) {
    setDuplicate(socket, buffer.seq, buffer.endSeq);
    return refuse(socket);
  }
  if (buffer.seq >= socket.rcvNxt + receiveWindow(socket)) return refuse(socket);
  if (buffer.seq < socket.rcvNxt) {
    setDuplicate(socket, buffer.seq, socket.rcvNxt);
    if (!receiveWindow(socket)) return refuse(socket);
    return queueInOrder(socket, segment, buffer);
  }
  queueEarly(socket, segment, buffer);
}

function refuse(socket: TcpSocket): void {
  enterQuickAckMode(socket);
  scheduleAck(socket);
}

function queueInOrder(socket: TcpSocket, segment: Segment, buffer: ReceiveBuffer): void {
  if (!makeRoom(socket, buffer)) {
    socket.ackPending |= ACK_NO_MEMORY | ACK_NOW;
    scheduleAck(socket);
    socket.wake(READABLE);
    if (socket.receiveQueue.length > 0 && buffer.len > 0) return;
    schedule(socket, buffer.truesize);
  }
  const { truesize } = buffer;
  if (!append(socket, buffer)) chargeReceive(socket, truesize);
  if (segment.len > 0) dataArrived(socket, segment, buffer);
  if (buffer.fin) peerFinished(socket);
  if (socket.outOfOrder.length > 0) {
    takeEarly(socket);
    if (socket.outOfOrder.length === 0) socket.ackPending |= ACK_NOW;
  }
  if (socket.sacks.length > 0) removeBlocks(socket);
  checkFastPath(socket);
  if (!socket.dead) dataReady(socket);
}

/** The gap is filled: what came early follows (tcp_ofo_queue). */
function takeEarly(socket: TcpSocket): void {
  const reportBelow = socket.rcvNxt;
  for (let first = socket.outOfOrder[0]; first && first.seq <= socket.rcvNxt; first = socket.outOfOrder[0]) {
    if (first.seq < reportBelow) extendDuplicate(socket, first.seq, Math.min(first.endSeq, reportBelow));
    socket.outOfOrder.shift();
    if (first.endSeq <= socket.rcvNxt) {
      freeReceive(socket, first);
      continue;
    }
    if (append(socket, first)) freeReceive(socket, first);
    if (first.fin) {
      peerFinished(socket);
      break;
    }
  }
}

function queueEarly(socket: TcpSocket, segment: Segment, buffer: ReceiveBuffer): void {
  if (!makeRoom(socket, buffer)) return socket.wake(READABLE);
  measureReceiveMss(socket, segment, buffer);
  socket.predictedWindow = -1;
  scheduleAck(socket);
  const first = socket.outOfOrder.length === 0;
  const { seq, endSeq } = buffer;
  const became = insertEarly(socket, buffer);
  if (socket.sackOk) {
    if (became === 'merged') growWindow(socket, buffer, segment.len, true);
    if (first) socket.sacks = [{ start: seq, end: endSeq }];
    else addBlock(socket, seq, endSeq);
    if (became === 'kept') growWindow(socket, buffer, segment.len, false);
  }
  if (became === 'kept') chargeReceive(socket, buffer.truesize);
  if (socket.hasProgram && !socket.dead) growReceiveBuffer(socket, socket.rcvqSpace);
}

/** Wakes the reader (tcp_data_ready). */
export function dataReady(socket: TcpSocket): void {
  if (socket.rcvNxt > socket.copiedSeq || socket.done) socket.wake(READABLE);
}

/** Decides between an ACK now and a delayed one (__tcp_ack_snd_check; RFC 9293 §3.8.6.3). */
export function ackIfDue(socket: TcpSocket, mayBeEarly: boolean): void {
  const { settings } = socket.host;
  const twoSegments = socket.rcvNxt - socket.rcvWup > socket.rcvMss && (socket.rcvNxt - socket.copiedSeq < 1 || windowToOffer(socket) >= socket.rcvWnd);
  if (twoSegments || (socket.quick && !socket.inPingpong) || socket.ackPending & ACK_NOW) {
    if (socket.owned && settings.tcp_backlog_ack_defer) socket.ackDeferred = true;
    else sendAck(socket);
    return;
  }
  if (!mayBeEarly || socket.outOfOrder.length === 0) return sendDelayedAck(socket);
  if (!socket.sackOk || socket.compressedAcks >= settings.tcp_comp_sack_nr) return sendAck(socket);
  if (socket.compressedRcvNxt !== socket.rcvNxt) {
    socket.compressedRcvNxt = socket.rcvNxt;
    socket.dupAckCounter = 0;
  }
  if (socket.dupAckCounter < TCP_FASTRETRANS_THRESH) {
    socket.dupAckCounter++;
    return sendAck(socket);
  }
  compressAck(socket);
}

/** tcp_ack_snd_check. */
export function ackIfScheduled(socket: TcpSocket): void {
  if (socket.ackScheduled) ackIfDue(socket, true);
}
