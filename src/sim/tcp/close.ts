import { freeReceive } from './memory.ts';
import { purgeSendQueues } from './sendQueue.ts';
import { sendFin } from './sender.ts';
import type { TcpSocket } from './socket.ts';
import { FAILED, HUNG_UP, READABLE, SHUT_RECEIVE, SHUT_SEND, WRITABLE } from './socketFlags.ts';
import { clearAllTimers } from './timers.ts';
import { scheduleAck, sendAck, sendReset } from './transmit.ts';
import { HZ, TCP_TIMEWAIT_LEN } from './units.ts';

/** The connection is over for this socket (tcp_done). */
export function finish(socket: TcpSocket): void {
  socket.setState('CLOSE');
  clearAllTimers(socket);
  socket.shutdown = SHUT_RECEIVE | SHUT_SEND;
  socket.host.forget(socket);
  if (!socket.dead) socket.wake(READABLE | WRITABLE | HUNG_UP);
}

/** The connection failed; the program learns of `error` at its next call (tcp_done_with_error). */
export function fail(socket: TcpSocket, error: string): void {
  socket.error = error;
  purgeSendQueues(socket);
  finish(socket);
  if (!socket.dead) socket.wake(READABLE | WRITABLE | HUNG_UP | FAILED);
}

/** A RST came (tcp_reset). */
export function resetByPeer(socket: TcpSocket): void {
  if (socket.state === 'CLOSE') return;
  fail(socket, socket.state === 'SYN_SENT' ? 'ECONNREFUSED' : socket.state === 'CLOSE_WAIT' ? 'EPIPE' : 'ECONNRESET');
}

/** A stub waits in the socket's place (tcp_time_wait). `timeout` in jiffies counts for FIN_WAIT2 only. */
export function timeWait(socket: TcpSocket, substate: 'TIME_WAIT' | 'FIN_WAIT2', timeout: number): void {
  const least = Math.floor(socket.rto * 3.5);
  socket.host.leaveTimeWait(socket, substate, substate === 'TIME_WAIT' ? TCP_TIMEWAIT_LEN : Math.max(timeout, least));
  finish(socket);
}

/** tcp_fin_time: how long an orphan waits for the peer's FIN. */
export function finTimeout(socket: TcpSocket): number {
  return Math.max(socket.host.settings.tcp_fin_timeout * HZ, Math.floor(socket.rto * 3.5));
}

/** The peer's FIN came in order (tcp_fin; RFC 9293 §3.10.7.4 "eighth"). */
export function peerFinished(socket: TcpSocket): void {
  scheduleAck(socket);
  socket.shutdown |= SHUT_RECEIVE;
  socket.done = true;
  switch (socket.state) {
    case 'SYN_RECV':
    case 'ESTABLISHED':
      socket.setState('CLOSE_WAIT');
      socket.pingpong = socket.host.settings.tcp_pingpong_thresh;
      break;
    case 'FIN_WAIT1':
      sendAck(socket);
      socket.setState('CLOSING');
      break;
    case 'FIN_WAIT2':
      sendAck(socket);
      timeWait(socket, 'TIME_WAIT', 0);
      break;
    default:
      break;
  }
  for (const buffer of socket.outOfOrder) freeReceive(socket, buffer);
  socket.outOfOrder = [];
  socket.sacks = [];
  if (!socket.dead) socket.wake(READABLE | WRITABLE | HUNG_UP);
}

/** The state that closing the sending side leads to, and whether a FIN goes out (tcp_close_state). */
function closeSending(socket: TcpSocket): boolean {
  switch (socket.state) {
    case 'SYN_SENT':
      socket.setState('CLOSE');
      return false;
    case 'SYN_RECV':
    case 'ESTABLISHED':
      socket.setState('FIN_WAIT1');
      return true;
    case 'CLOSE_WAIT':
      socket.setState('LAST_ACK');
      return true;
    default:
      return false;
  }
}

/** shutdown(SHUT_WR) (tcp_shutdown). The caller has made sure that the socket is connected. */
export function shutdownSending(socket: TcpSocket): void {
  socket.shutdown |= SHUT_SEND;
  if ((socket.state === 'ESTABLISHED' || socket.state === 'CLOSE_WAIT' || socket.state === 'SYN_SENT') && closeSending(socket)) sendFin(socket);
}

/** close(): unread data is answered with RST (RFC 2525 §2.17), else a FIN goes out and the socket lives on without a program (__tcp_close). */
export function closeSocket(socket: TcpSocket, releaseBacklog: () => void): void {
  socket.shutdown = SHUT_RECEIVE | SHUT_SEND;
  let unread = false;
  for (const buffer of socket.receiveQueue) {
    if (buffer.endSeq - (buffer.fin ? 1 : 0) > socket.copiedSeq) unread = true;
    freeReceive(socket, buffer);
  }
  socket.receiveQueue.length = 0;
  const before = socket.state;
  if (before !== 'CLOSE') {
    if (unread) {
      socket.setState('CLOSE');
      sendResetAndForget(socket);
    } else if (closeSending(socket)) sendFin(socket);
  }
  socket.dead = true;
  socket.watcher = undefined;
  releaseBacklog();
  const state = nowIn(socket);
  if (state === 'FIN_WAIT2') timeWait(socket, 'FIN_WAIT2', finTimeout(socket));
  else if (state === 'CLOSE') {
    clearAllTimers(socket);
    socket.host.forget(socket);
  }
}

function nowIn(socket: TcpSocket): TcpSocket['state'] {
  return socket.state;
}

function sendResetAndForget(socket: TcpSocket): void {
  sendReset(socket);
  purgeSendQueues(socket);
}
