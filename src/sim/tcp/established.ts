import { DATA, SLOW_PATH, UPDATE_TS_RECENT } from './ackState.ts';
import { oowLimited, processAck, sendChallengeAck } from './ack.ts';
import { resetByPeer } from './close.ts';
import { setDuplicate } from './outOfOrder.ts';
import { ackIfDue, ackIfScheduled, dataReady, enterQuickAckMode, measureReceiveRttByTimestamp, queueData, queueFast } from './receiver.ts';
import { receivedBuffer } from './received.ts';
import { ACK, endSeq, FIN, RST, SYN, type Segment } from './segment.ts';
import { checkSpace, pushPending } from './sender.ts';
import type { TcpSocket } from './socket.ts';
import { sendAck } from './transmit.ts';
import { receiveWindow } from './window.ts';

/** Takes the echoed timestamp of a segment, where both ends use them. */
export function readTimestamp(socket: TcpSocket, segment: Segment): void {
  socket.sawTimestamp = segment.timestamps && socket.timestamps;
  if (socket.sawTimestamp) socket.rcvTsEcr = segment.tsEcr;
}

/** tcp_data_snd_check. */
export function sendMore(socket: TcpSocket): void {
  pushPending(socket);
  checkSpace(socket);
}

/** Why a segment's sequence numbers cannot be taken, if so (tcp_sequence, 6.18; RFC 9293 §3.10.7.4 "first"). */
function outsideWindow(socket: TcpSocket, segment: Segment): boolean {
  const end = endSeq(segment);
  if (end < socket.rcvWup) return true;
  const edge = socket.rcvNxt + receiveWindow(socket);
  if (end - (segment.flags & FIN ? 1 : 0) <= edge) return false;
  return segment.seq > edge || socket.receiveQueue.length > 0;
}

/** An answer to what was not expected: an ACK, with a report where it was a duplicate (tcp_send_dupack). */
function sendDuplicateAck(socket: TcpSocket, segment: Segment): void {
  const end = endSeq(segment);
  if (end !== segment.seq && segment.seq < socket.rcvNxt) {
    enterQuickAckMode(socket);
    setDuplicate(socket, segment.seq, Math.min(end, socket.rcvNxt));
  }
  sendAck(socket);
}

/** A RST that follows a FIN may carry the FIN's own sequence number, as where data met a closed socket (tcp_reset_check). */
function resetsAfterFin(socket: TcpSocket, segment: Segment): boolean {
  if (segment.seq !== socket.rcvNxt - 1) return false;
  return socket.state === 'CLOSE_WAIT' || socket.state === 'LAST_ACK' || socket.state === 'CLOSING';
}

/** Whether a segment may be worked on; answers those that may not (tcp_validate_incoming; RFC 5961). */
export function isAcceptable(socket: TcpSocket, segment: Segment): boolean {
  readTimestamp(socket, segment);
  const { flags } = segment;
  if (outsideWindow(socket, segment)) {
    if (flags & RST) {
      if (resetsAfterFin(socket, segment)) resetByPeer(socket);
    } else if (flags & SYN) sendChallengeAck(socket);
    else if (endSeq(segment) !== segment.seq || !oowLimited(socket)) sendDuplicateAck(socket, segment);
    return false;
  }
  if (flags & RST) {
    const edge = Math.max(0, ...socket.sacks.map((block) => block.end));
    if (segment.seq === socket.rcvNxt || resetsAfterFin(socket, segment) || (socket.sacks.length > 0 && segment.seq === edge)) resetByPeer(socket);
    else sendChallengeAck(socket);
    return false;
  }
  if (flags & SYN) {
    sendChallengeAck(socket);
    return false;
  }
  return true;
}

/** A segment on an established connection: the predicted short way, or the long one (tcp_rcv_established). */
export function receiveEstablished(socket: TcpSocket, segment: Segment): void {
  if (isPredicted(socket, segment)) {
    readTimestamp(socket, segment);
    if (socket.sawTimestamp && segment.tsVal < socket.tsRecent) return receiveSlow(socket, segment);
    if (segment.len === 0) {
      storeTimestamp(socket, segment);
      processAck(socket, segment, 0);
      sendMore(socket);
      socket.rcvRttLastTsEcr = socket.rcvTsEcr;
      return;
    }
    const buffer = receivedBuffer(socket, segment);
    if (buffer.truesize <= socket.forwardAlloc) {
      storeTimestamp(socket, segment);
      if (socket.sawTimestamp) measureReceiveRttByTimestamp(socket, segment);
      socket.count('TCPHPHits');
      queueFast(socket, segment, buffer);
      if (segment.ack !== socket.sndUna) {
        processAck(socket, segment, DATA);
        sendMore(socket);
        if (!socket.ackScheduled) return dataReady(socket);
      } else socket.sndWl1 = segment.seq;
      ackIfDue(socket, false);
      dataReady(socket);
      return;
    }
    return afterValidation(socket, segment);
  }
  receiveSlow(socket, segment);
}

function isPredicted(socket: TcpSocket, segment: Segment): boolean {
  if (socket.predictedWindow < 0 || segment.window !== socket.predictedWindow) return false;
  if ((segment.flags & (SYN | FIN | RST | ACK)) !== ACK || segment.headerLen !== socket.headerLen) return false;
  return segment.seq === socket.rcvNxt && segment.ack >= socket.sndUna && segment.ack <= socket.sndNxt;
}

function storeTimestamp(socket: TcpSocket, segment: Segment): void {
  if (socket.sawTimestamp && socket.rcvNxt === socket.rcvWup) socket.tsRecent = segment.tsVal;
}

function receiveSlow(socket: TcpSocket, segment: Segment): void {
  if (!(segment.flags & (ACK | RST | SYN))) return;
  if (isAcceptable(socket, segment)) afterValidation(socket, segment);
}

function afterValidation(socket: TcpSocket, segment: Segment): void {
  const result = processAck(socket, segment, SLOW_PATH | UPDATE_TS_RECENT);
  if (result === 'unsent' || result === 'too-old') return;
  if (socket.sawTimestamp) measureReceiveRttByTimestamp(socket, segment);
  queueData(socket, segment, receivedBuffer(socket, segment));
  sendMore(socket);
  ackIfScheduled(socket);
}

