import { DATA_SACKED, DSACK_TLP, DSACKING, ORIG_SACK_ACKED, type AckState } from './ackState.ts';
import { LOST, RETRANS, RETRANS_ANY, SACKED, type SendBuffer } from './buffers.ts';
import { rackAdvance } from './rack.ts';
import type { SackBlock, Segment } from './segment.ts';
import { releaseSent, splitBuffer } from './sendQueue.ts';
import type { TcpSocket } from './socket.ts';
import { forgetOrder } from './transmit.ts';

/** Start of the highest buffer that a SACK covered (tcp_highest_sack_seq). */
export function highestSackSeq(socket: TcpSocket): number {
  if (!socket.sackedOut) return socket.sndUna;
  return socket.highestSack ? socket.highestSack.seq : socket.sndNxt;
}

/** Segments arrived in another order than they were sent: be more patient from now on (tcp_check_sack_reordering). */
export function checkReordering(socket: TcpSocket, lowSeq: number): void {
  const metric = highestSackSeq(socket) - lowSeq;
  if (!(metric > 0)) return;
  const mss = socket.mssCache;
  if (metric > socket.reordering * mss) socket.reordering = Math.min(Math.ceil(metric / mss), socket.host.settings.tcp_max_reordering);
  socket.reordSeen++;
}

/** A delivered buffer tells of the rate (tcp_rate_skb_delivered). */
export function rateDelivered(state: AckState, buffer: SendBuffer): void {
  if (state.priorDelivered && buffer.sentUs < state.priorSentUs) return;
  state.priorDelivered = buffer.deliveredAtSend;
  state.priorSentUs = buffer.sentUs;
}

/** Whether the first block reports a duplicate, and what follows from it (tcp_check_dsack; RFC 2883). */
function checkDuplicate(socket: TcpSocket, segment: Segment, blocks: SackBlock[], priorUna: number, state: AckState): boolean {
  const [first, second] = blocks as [SackBlock, SackBlock | undefined];
  if (first.start >= segment.ack && (!second || first.end > second.end || first.start < second.start)) return false;
  const len = first.end - first.start;
  if (len <= 0 || len > socket.maxWindow) return false;
  let dups = 1;
  if (len > socket.mssCache) dups = Math.ceil(len / socket.mssCache);
  else if (socket.tlpHighSeq && socket.tlpHighSeq === first.end) state.flags |= DSACK_TLP;
  socket.dsackDups += dups;
  if (socket.dsackDups > socket.totalRetrans) return false;
  if (socket.reordSeen && !(state.flags & DSACK_TLP)) socket.rackDsackSeen = true;
  state.flags |= DSACKING;
  state.sackDelivered += dups;
  if (socket.undoMarker >= 0 && socket.undoRetrans > 0 && first.end <= priorUna && first.end > socket.undoMarker) {
    socket.undoRetrans = Math.max(0, socket.undoRetrans - dups);
  }
  return true;
}

function isValid(socket: TcpSocket, block: SackBlock, duplicate: boolean): boolean {
  const { start, end } = block;
  if (end > socket.sndNxt || start >= end || start >= socket.sndNxt) return false;
  if (start > socket.sndUna) return true;
  if (!duplicate || socket.undoMarker < 0 || end > socket.sndUna) return false;
  return start >= socket.undoMarker || (end > socket.undoMarker && start >= end - socket.maxWindow);
}

/** One buffer is covered by a block (tcp_sacktag_one). */
function tagOne(socket: TcpSocket, state: AckState, buffer: SendBuffer, duplicate: boolean): void {
  const { seq, endSeq, segments } = buffer;
  if (duplicate && buffer.marks & RETRANS_ANY) {
    if (socket.undoMarker >= 0 && socket.undoRetrans > 0 && endSeq > socket.undoMarker) socket.undoRetrans = Math.max(0, socket.undoRetrans - segments);
    if (buffer.marks & SACKED) state.reord = Math.min(state.reord, seq);
  }
  if (endSeq <= socket.sndUna) return;
  if (!(buffer.marks & SACKED)) {
    rackAdvance(socket, buffer.marks, endSeq, buffer.sentUs);
    if (buffer.marks & RETRANS) {
      if (buffer.marks & LOST) {
        buffer.marks &= ~(LOST | RETRANS);
        socket.lostOut -= segments;
        socket.retransOut -= segments;
      }
    } else {
      if (!(buffer.marks & RETRANS_ANY)) {
        if (seq < highestSackSeq(socket)) state.reord = Math.min(state.reord, seq);
        if (endSeq <= socket.highSeq) state.flags |= ORIG_SACK_ACKED;
        state.firstSackedUs ||= buffer.sentUs;
        state.lastSackedUs = buffer.sentUs;
      }
      if (buffer.marks & LOST) {
        buffer.marks &= ~LOST;
        socket.lostOut -= segments;
      }
    }
    buffer.marks |= SACKED;
    state.flags |= DATA_SACKED;
    socket.sackedOut += segments;
    state.sackDelivered += segments;
  }
  if (duplicate && buffer.marks & RETRANS) {
    buffer.marks &= ~RETRANS;
    socket.retransOut -= segments;
  }
}

/** Tags what a block covers; a large buffer that it covers in part is split at a segment's boundary (tcp_sacktag_walk). */
function tagBlock(socket: TcpSocket, state: AckState, block: SackBlock, duplicate: boolean): void {
  for (let i = 0; i < socket.rtxQueue.length; i++) {
    const buffer = socket.rtxQueue[i] as SendBuffer;
    if (buffer.seq >= block.end) break;
    if (buffer.endSeq <= block.start) continue;
    if (!covers(socket, buffer, block)) continue;
    const mayMerge = duplicate || (buffer.marks & (LOST | RETRANS | SACKED)) === 0 || (buffer.marks & LOST) !== 0;
    tagOne(socket, state, buffer, duplicate);
    rateDelivered(state, buffer);
    if (buffer.marks & SACKED) forgetOrder(socket, buffer);
    if (buffer.seq >= highestSackSeq(socket)) socket.highestSack = socket.rtxQueue[i + 1];
    if (mayMerge && mergeSacked(socket, i)) {
      i--;
      mergeSacked(socket, i + 1);
    }
  }
}

const segmentLen = (buffer: SendBuffer) => (buffer.segments === 1 ? buffer.len : buffer.gsoSize);

/** A SACKed buffer joins its SACKed predecessor, whose overhead it then shares (tcp_shift_skb_data, tcp_shifted_skb). */
function mergeSacked(socket: TcpSocket, at: number): boolean {
  const before = socket.rtxQueue[at - 1];
  const buffer = socket.rtxQueue[at];
  if (!before || !buffer || socket.host.settings.loopback) return false;
  const tags = SACKED | RETRANS | LOST;
  if ((before.marks & tags) !== SACKED || (buffer.marks & tags) !== SACKED) return false;
  if (segmentLen(before) !== segmentLen(buffer) || buffer.endSeq <= socket.sndUna) return false;
  before.gsoSize = segmentLen(before);
  before.len += buffer.len;
  before.truesize += buffer.len;
  buffer.truesize -= buffer.len;
  before.endSeq = buffer.endSeq;
  before.segments += buffer.segments;
  before.flags |= buffer.flags;
  before.marks |= buffer.marks & RETRANS_ANY & ~RETRANS;
  if (socket.highestSack === buffer) socket.highestSack = socket.rtxQueue[at + 1];
  const hinted = socket.retransmitHint === buffer;
  socket.rtxQueue.splice(at, 1);
  releaseSent(socket, buffer);
  if (hinted) socket.retransmitHint = before;
  return true;
}

/** tcp_match_skb_to_sack. */
function covers(socket: TcpSocket, buffer: SendBuffer, block: SackBlock): boolean {
  const fromStart = block.start <= buffer.seq;
  if (fromStart && block.end >= buffer.endSeq) return true;
  if (buffer.segments <= 1) return false;
  const mss = buffer.gsoSize;
  let len = fromStart ? block.end - buffer.seq : Math.max(block.start - buffer.seq, mss);
  if (fromStart && len < mss) return false;
  len = fromStart ? Math.floor(len / mss) * mss : Math.ceil(len / mss) * mss;
  if (len >= buffer.len) return fromStart;
  splitBuffer(socket, socket.rtxQueue, buffer, len, mss);
  return fromStart;
}

/** Works through the blocks of an ACK (tcp_sacktag_write_queue; RFC 2018 §5). */
export function tagQueue(socket: TcpSocket, segment: Segment, priorUna: number, state: AckState): void {
  const blocks = segment.sacks ?? [];
  if (!socket.sackedOut) socket.highestSack = socket.rtxQueue[0];
  const duplicate = checkDuplicate(socket, segment, blocks, priorUna, state);
  if (segment.ack < priorUna - socket.maxWindow || !socket.packetsOut) return;
  state.reord = socket.sndNxt;
  const used = blocks
    .map((block, index) => ({ block, duplicate: index === 0 && duplicate }))
    .filter((item) => isValid(socket, item.block, item.duplicate) && item.block.end > priorUna)
    .sort((a, b) => a.block.start - b.block.start);
  for (const item of used) tagBlock(socket, state, item.block, item.duplicate);
  if (socket.caState !== 'loss' || socket.undoMarker >= 0) checkReordering(socket, state.reord);
}
