import { NO_CHALLENGE, SLOW_PATH, UPDATE_TS_RECENT } from './ackState.ts';
import { checkFastPath, processAck, sendChallengeAck } from './ack.ts';
import { updatePacingRate } from './congestion.ts';
import { cubicState } from './cubic.ts';
import { finish, finTimeout, resetByPeer, shutdownSending, timeWait } from './close.ts';
import { isAcceptable, readTimestamp, receiveEstablished, sendMore } from './established.ts';
import { syncMss } from './mss.ts';
import { ackIfScheduled, enterQuickAckMode, queueData } from './receiver.ts';
import { receivedBuffer } from './received.ts';
import { updateRtt } from './rtt.ts';
import { ACK, endSeq, FIN, RST, SYN, type Segment } from './segment.ts';
import type { TcpSocket } from './socket.ts';
import { READABLE, SHUT_RECEIVE, SHUT_SEND, WRITABLE } from './socketFlags.ts';
import { armDelayedAck } from './timers.ts';
import { scheduleAck, sendAck } from './transmit.ts';
import { TCP_DELACK_MAX, TCP_INIT_CWND, TCP_TIMEWAIT_LEN } from './units.ts';
import { initBufferSpace, initReceiveMss } from './window.ts';

/** Works on a segment in whatever state; true where it is to be answered with RST (tcp_v4_do_rcv). */
export function receive(socket: TcpSocket, segment: Segment): boolean {
  if (socket.state === 'ESTABLISHED') {
    receiveEstablished(socket, segment);
    return false;
  }
  if (socket.state === 'CLOSE') return false;
  if (socket.state === 'SYN_SENT') {
    receiveSynAck(socket, segment);
    return false;
  }
  return receiveInState(socket, segment);
}

/** The options of a SYN or SYN-ACK, as far as this host wants them too (tcp_parse_options). */
export function takeSynOptions(socket: TcpSocket, segment: Segment): void {
  const { settings } = socket.host;
  const offered = segment.mss || 536;
  socket.mssClamp = socket.userMss && socket.userMss < offered ? socket.userMss : offered;
  socket.windowScaling = segment.wscale >= 0 && settings.tcp_window_scaling !== 0;
  socket.sndWscale = socket.windowScaling ? Math.min(segment.wscale, 14) : 0;
  socket.sackOk = segment.sackOk && settings.tcp_sack !== 0;
  socket.timestamps = segment.timestamps && settings.tcp_timestamps !== 0;
}

/** Both ends are ready: congestion window and buffers get their sizes (tcp_init_transfer). */
function startTransfer(socket: TcpSocket): void {
  socket.setCwnd(socket.totalRetrans > 1 && socket.undoMarker >= 0 ? 1 : TCP_INIT_CWND);
  socket.sndCwndStamp = socket.jiffies;
  if (socket.host.settings.congestion === 'cubic') socket.cubic = cubicState(socket);
  initBufferSpace(socket);
}

/** The answer to our SYN (tcp_rcv_synsent_state_process; RFC 9293 §3.10.7.3). */
function receiveSynAck(socket: TcpSocket, segment: Segment): void {
  if (!(segment.flags & ACK) || segment.ack <= socket.sndUna || segment.ack > socket.sndNxt) return;
  if (segment.flags & RST) return resetByPeer(socket);
  if (!(segment.flags & SYN)) return;
  takeSynOptions(socket, segment);
  readTimestamp(socket, segment);
  socket.sndWl1 = segment.seq;
  if (socket.undoMarker >= 0 && socket.sawTimestamp && socket.retransStampMs === segment.tsEcr) socket.undoMarker = -1;
  processAck(socket, segment, SLOW_PATH);
  socket.rcvNxt = socket.rcvWup = segment.seq + 1;
  socket.sndWnd = segment.window;
  if (!socket.windowScaling) {
    socket.rcvWscale = 0;
    socket.windowClamp = Math.min(socket.windowClamp, 65_535);
  }
  socket.headerLen = socket.timestamps ? 32 : 20;
  if (socket.timestamps) {
    socket.advmss -= 12;
    socket.tsRecent = segment.tsVal;
  }
  syncMss(socket);
  initReceiveMss(socket);
  socket.copiedSeq = socket.rcvNxt;
  socket.setState('ESTABLISHED');
  socket.lrcvtime = socket.jiffies;
  startTransfer(socket);
  socket.lsndtime = socket.jiffies;
  socket.predictedWindow = socket.sndWscale ? -1 : socket.sndWnd;
  socket.wake(READABLE | WRITABLE);
  if (socket.inPingpong || socket.deferAccept > 0) {
    scheduleAck(socket);
    enterQuickAckMode(socket);
    armDelayedAck(socket, socket.jiffies + TCP_DELACK_MAX);
    return;
  }
  sendAck(socket);
  sendMore(socket);
}

/** A segment in any state but the two above (tcp_rcv_state_process). */
function receiveInState(socket: TcpSocket, segment: Segment): boolean {
  if (!(segment.flags & (ACK | RST | SYN))) return false;
  if (!isAcceptable(socket, segment)) return false;
  const result = processAck(socket, segment, SLOW_PATH | UPDATE_TS_RECENT | NO_CHALLENGE);
  if (result !== 'good') {
    if (socket.state === 'SYN_RECV') return true;
    if (result !== 'old') {
      sendChallengeAck(socket);
      return false;
    }
  }
  if (socket.state === 'SYN_RECV') becomeEstablished(socket, segment);
  else {
    const over = ourFinAcked(socket, segment);
    if (over) return over === 'refused';
  }
  const afterPeerFin = socket.state === 'CLOSE_WAIT' || socket.state === 'CLOSING' || socket.state === 'LAST_ACK';
  if (afterPeerFin && segment.seq >= socket.rcvNxt) return answer(socket);
  if (socket.state !== 'ESTABLISHED' && socket.shutdown & SHUT_RECEIVE && isUnreadable(socket, segment)) {
    socket.count('TCPAbortOnData');
    resetByPeer(socket);
    return true;
  }
  queueData(socket, segment, receivedBuffer(socket, segment));
  return answer(socket);
}

function answer(socket: TcpSocket): boolean {
  if (socket.state === 'CLOSE') return false;
  sendMore(socket);
  ackIfScheduled(socket);
  return false;
}

/** The handshake's last ACK came. */
function becomeEstablished(socket: TcpSocket, segment: Segment): void {
  socket.delivered++;
  if (!socket.srttUs) updateRtt(socket, -1, -1, -1, true, false);
  if (socket.timestamps) socket.advmss -= 12;
  if (socket.undoMarker >= 0 && socket.sawTimestamp && socket.retransStampMs === segment.tsEcr) socket.undoMarker = -1;
  socket.retransStampMs = 0;
  startTransfer(socket);
  socket.copiedSeq = socket.rcvNxt;
  socket.setState('ESTABLISHED');
  socket.wake(READABLE | WRITABLE);
  socket.sndUna = segment.ack;
  socket.sndWnd = segment.window * 2 ** socket.sndWscale;
  socket.sndWl1 = segment.seq;
  updatePacingRate(socket);
  socket.lsndtime = socket.jiffies;
  initReceiveMss(socket);
  checkFastPath(socket);
  if (socket.shutdown & SHUT_SEND) shutdownSending(socket);
}

/** In a closing state: has the peer acknowledged our FIN? Whether the socket is done with this segment, or refuses it: nobody reads its data. */
function ourFinAcked(socket: TcpSocket, segment: Segment): 'taken' | 'refused' | undefined {
  if (socket.sndUna !== socket.writeSeq) return undefined;
  if (socket.state === 'CLOSING') {
    timeWait(socket, 'TIME_WAIT', 0);
    return 'taken';
  }
  if (socket.state === 'LAST_ACK') {
    finish(socket);
    return 'taken';
  }
  if (socket.state !== 'FIN_WAIT1') return undefined;
  socket.setState('FIN_WAIT2');
  socket.shutdown |= SHUT_SEND;
  if (!socket.dead) {
    socket.wake(READABLE | WRITABLE);
    return undefined;
  }
  if (isUnreadable(socket, segment)) {
    socket.count('TCPAbortOnData');
    finish(socket);
    return 'refused';
  }
  const timeout = finTimeout(socket);
  if (timeout > TCP_TIMEWAIT_LEN) socket.host.wheel.arm(socket.keepaliveTimer, socket.jiffies + timeout - TCP_TIMEWAIT_LEN);
  else if (segment.flags & FIN || socket.owned) socket.host.wheel.arm(socket.keepaliveTimer, socket.jiffies + timeout);
  else {
    timeWait(socket, 'FIN_WAIT2', timeout);
    return 'taken';
  }
  return undefined;
}

/** Data beyond what was taken already. */
function isUnreadable(socket: TcpSocket, segment: Segment): boolean {
  return segment.len > 0 && endSeq(segment) - (segment.flags & FIN ? 1 : 0) > socket.rcvNxt;
}
