import { coalesce, type ReceiveBuffer } from './buffers.ts';
import { chargeReceive, freeReceive } from './memory.ts';
import type { SackBlock } from './segment.ts';
import type { TcpSocket } from './socket.ts';
import { sendAck } from './transmit.ts';
import { TCP_NUM_SACKS } from './units.ts';

function extend(block: SackBlock, start: number, end: number): boolean {
  if (start > block.end || block.start > end) return false;
  block.start = Math.min(block.start, start);
  block.end = Math.max(block.end, end);
  return true;
}

/** Notes a range that came twice, to be reported first (tcp_dsack_set; RFC 2883). */
export function setDuplicate(socket: TcpSocket, start: number, end: number): void {
  if (socket.sackOk && socket.host.settings.tcp_dsack) socket.dsack = { start, end };
}

export function extendDuplicate(socket: TcpSocket, start: number, end: number): void {
  if (!socket.dsack) setDuplicate(socket, start, end);
  else extend(socket.dsack, start, end);
}

/** An ACK reports two blocks surely: gathered ACKs go out before what a third one tells would be lost (TCP_SACK_BLOCKS_EXPECTED). */
const SURE_BLOCKS = 2;

/** The block of the latest arrival comes first (tcp_sack_new_ofo_skb; RFC 2018 §4). */
export function addBlock(socket: TcpSocket, start: number, end: number): void {
  if (socket.sacks.length === 0) socket.sacks = [];
  const { sacks } = socket;
  const at = sacks.findIndex((block) => extend(block, start, end));
  if (socket.compressedAcks && (at < 0 ? sacks.length : at) >= SURE_BLOCKS) sendAck(socket);
  if (at < 0) {
    if (sacks.length >= TCP_NUM_SACKS) sacks.pop();
    sacks.unshift({ start, end });
    return;
  }
  const block = sacks.splice(at, 1)[0] as SackBlock;
  sacks.unshift(block);
  for (let i = 1; i < sacks.length;) {
    const other = sacks[i] as SackBlock;
    if (extend(block, other.start, other.end)) sacks.splice(i, 1);
    else i++;
  }
}

/** Blocks that are in order now are reported no more (tcp_sack_remove). */
export function removeBlocks(socket: TcpSocket): void {
  socket.sacks = socket.outOfOrder.length === 0 ? [] : socket.sacks.filter((block) => socket.rcvNxt < block.start);
}

/** Puts an early segment among the others, merging what overlaps (tcp_data_queue_ofo). One that is kept is yet to be charged. */
export function insertEarly(socket: TcpSocket, buffer: ReceiveBuffer): 'kept' | 'merged' | 'known' {
  if (socket.outOfOrder.length === 0) socket.outOfOrder = [];
  const queue = socket.outOfOrder;
  const { seq, endSeq } = buffer;
  let at = queue.length;
  while (at > 0 && (queue[at - 1] as ReceiveBuffer).seq > seq) at--;
  const before = queue[at - 1];
  if (before && seq <= before.endSeq) {
    if (seq === before.endSeq) {
      const more = coalesce(before, buffer);
      if (more >= 0) {
        before.endSeq = endSeq;
        before.len += buffer.len;
        before.fin ||= buffer.fin;
        chargeMore(socket, before, more);
        return 'merged';
      }
    } else if (endSeq <= before.endSeq) {
      setDuplicate(socket, seq, endSeq);
      return 'known';
    } else if (seq > before.seq) setDuplicate(socket, seq, before.endSeq);
    else {
      extendDuplicate(socket, before.seq, before.endSeq);
      queue.splice(--at, 1);
      freeReceive(socket, before);
    }
  }
  queue.splice(at, 0, buffer);
  for (let next = queue[at + 1]; next && endSeq > next.seq; next = queue[at + 1]) {
    if (endSeq < next.endSeq) {
      extendDuplicate(socket, next.seq, endSeq);
      break;
    }
    queue.splice(at + 1, 1);
    extendDuplicate(socket, next.seq, next.endSeq);
    freeReceive(socket, next);
  }
  return 'kept';
}

/** A buffer took in another's payload at the price of `more` bytes. */
export function chargeMore(socket: TcpSocket, buffer: ReceiveBuffer, more: number): void {
  buffer.truesize += more;
  chargeReceive(socket, more);
}

/** Drops the latest of what came early until memory suffices (tcp_prune_ofo_queue). */
export function pruneEarly(socket: TcpSocket, incomingSeq: number): boolean {
  let pruned = false;
  let goal = socket.rcvbuf >> 3;
  for (let last = socket.outOfOrder.at(-1); last; last = socket.outOfOrder.at(-1)) {
    if (incomingSeq > last.seq) break;
    pruned = true;
    socket.outOfOrder.pop();
    freeReceive(socket, last);
    goal -= last.truesize;
    if (goal > 0) continue;
    if (socket.rmemAlloc <= socket.rcvbuf) break;
    goal = socket.rcvbuf >> 3;
  }
  if (pruned) socket.sacks = [];
  return pruned;
}
