import { DATA_SACKED, LOST_RETRANS, ORIG_SACK_ACKED, RENEGING, SET_TIMER, UNA_ADVANCED, type AckState } from './ackState.ts';
import { LOST } from './buffers.ts';
import { endReduction } from './congestion.ts';
import { anyRetransmitted, enterRecovery, keepOpen, markLost, undoByDuplicateSack, undoLoss, undoPartial, undoRecovery } from './loss.ts';
import { currentMss } from './mss.ts';
import { rackMarkLost } from './rack.ts';
import { splitBuffer } from './sendQueue.ts';
import type { TcpSocket } from './socket.ts';
import { armWriteTimer } from './timers.ts';
import { jiffiesFromMs, jiffiesFromUs } from './units.ts';

/** What to send once an ACK is worked in: nothing, what is lost, or new data to test whether a timeout was needless. */
export type AfterAck = 'nothing' | 'lost' | 'new';

function limitRenoSacked(socket: TcpSocket): boolean {
  const holes = Math.min(Math.max(socket.lostOut, 1), socket.packetsOut);
  if (socket.sackedOut + holes <= socket.packetsOut) return false;
  socket.sackedOut = socket.packetsOut - holes;
  return true;
}

function checkRenoReordering(socket: TcpSocket, addend: number): void {
  if (!limitRenoSacked(socket)) return;
  socket.reordering = Math.min(socket.packetsOut + addend, socket.host.settings.tcp_max_reordering);
  socket.reordSeen++;
}

/** Without SACK each duplicate ACK stands for a delivered segment (tcp_add_reno_sack). */
function addRenoSack(socket: TcpSocket, duplicates: number): void {
  if (!duplicates) return;
  const before = socket.sackedOut;
  socket.sackedOut += duplicates;
  checkRenoReordering(socket, 0);
  if (socket.sackedOut > before) socket.delivered += socket.sackedOut - before;
}

/** tcp_remove_reno_sacks. */
export function removeRenoSacks(socket: TcpSocket, acked: number): void {
  if (acked > 0) {
    socket.delivered += Math.max(acked - socket.sackedOut, 1);
    socket.sackedOut = acked - 1 >= socket.sackedOut ? 0 : socket.sackedOut - (acked - 1);
  }
  checkRenoReordering(socket, acked);
}

/** tcp_newreno_mark_lost; RFC 6582. */
function newRenoMarkLost(socket: TcpSocket, unaAdvanced: boolean): void {
  const enough = socket.caState !== 'recovery' && socket.caState !== 'loss' && socket.sackedOut >= socket.reordering;
  if (!enough && !(socket.caState === 'recovery' && unaAdvanced)) return;
  const head = socket.rtxQueue[0];
  if (!head || head.marks & LOST) return;
  const mss = head.gsoSize || currentMss(socket);
  if (head.segments > 1 && head.len > mss) splitBuffer(socket, socket.rtxQueue, head, mss, mss);
  markLost(socket, head);
}

/** tcp_identify_packet_loss. */
function identifyLoss(socket: TcpSocket, state: AckState): void {
  if (socket.rtxQueue.length === 0) return;
  if (!socket.sackOk) return newRenoMarkLost(socket, (state.flags & UNA_ADVANCED) !== 0);
  const before = socket.retransOut;
  if (rackMarkLost(socket)) state.flags &= ~SET_TIMER;
  if (before > socket.retransOut) state.flags |= LOST_RETRANS;
}

/** Duplicates, SACKs and partial ACKs move the sender between open, disorder, recovery and loss (tcp_fastretrans_alert). */
export function fastRetransmitAlert(socket: TcpSocket, duplicates: number, state: AckState): AfterAck {
  const { flags } = state;
  const advanced = (flags & UNA_ADVANCED) !== 0;
  if (!socket.packetsOut && socket.sackedOut) socket.sackedOut = 0;
  if (flags & RENEGING && advanced) {
    armWriteTimer(socket, 'retransmit', Math.max(jiffiesFromUs(Math.floor(socket.srttUs / 16)), jiffiesFromMs(10)));
    state.flags &= ~SET_TIMER;
    return 'nothing';
  }
  if (socket.caState === 'open') socket.retransStampMs = 0;
  else if (socket.sndUna >= socket.highSeq && leaves(socket)) return 'nothing';
  if (socket.caState === 'recovery') return inRecovery(socket, duplicates, state, advanced);
  let after: AfterAck = 'nothing';
  if (socket.caState === 'loss') {
    after = processLoss(socket, duplicates, state);
    identifyLoss(socket, state);
    if (!(stateOf(socket) === 'open' || state.flags & LOST_RETRANS)) return after;
  }
  if (!socket.sackOk) {
    if (advanced) socket.sackedOut = 0;
    addRenoSack(socket, duplicates);
  }
  if (socket.caState === 'open' || socket.caState === 'disorder') undoByDuplicateSack(socket);
  identifyLoss(socket, state);
  if (!socket.lostOut) {
    tryToOpen(socket);
    return after;
  }
  enterRecovery(socket);
  return 'lost';
}

/** The state, read anew where a call before may have changed it. */
function stateOf(socket: TcpSocket): TcpSocket['caState'] {
  return socket.caState;
}

/** All that was in flight when the episode began is acknowledged; true where nothing more is to do. */
function leaves(socket: TcpSocket): boolean {
  if (socket.caState === 'cwr' && socket.sndUna !== socket.highSeq) {
    endReduction(socket);
    socket.caState = 'open';
  } else if (socket.caState === 'recovery') {
    if (!socket.sackOk) socket.sackedOut = 0;
    if (undoRecovery(socket)) return true;
    endReduction(socket);
  }
  return false;
}


function inRecovery(socket: TcpSocket, duplicates: number, state: AckState, advanced: boolean): AfterAck {
  if (!advanced) {
    if (!socket.sackOk) addRenoSack(socket, duplicates);
  } else if (undoPartial(socket)) return 'nothing';
  if (undoByDuplicateSack(socket)) tryToOpen(socket);
  identifyLoss(socket, state);
  if (stateOf(socket) !== 'recovery') {
    if (!socket.lostOut) return 'nothing';
    enterRecovery(socket);
  }
  return 'lost';
}

/** tcp_try_to_open. */
function tryToOpen(socket: TcpSocket): void {
  if (!anyRetransmitted(socket)) socket.retransStampMs = 0;
  if (socket.caState !== 'cwr') keepOpen(socket);
}

/** After a timeout: was it needless (F-RTO), is it over, or is more to be sent again (tcp_process_loss)? */
function processLoss(socket: TcpSocket, duplicates: number, state: AckState): AfterAck {
  const { flags } = state;
  const recovered = socket.sndUna >= socket.highSeq;
  const advanced = (flags & UNA_ADVANCED) !== 0;
  if (advanced && undoLoss(socket, false)) return 'nothing';
  if (socket.frto) {
    if (flags & ORIG_SACK_ACKED && undoLoss(socket, true)) return 'nothing';
    if (socket.sndNxt > socket.highSeq) {
      if (flags & DATA_SACKED || duplicates) socket.frto = false;
    } else if (advanced && !recovered) {
      socket.highSeq = socket.sndNxt;
      if (socket.writeQueue.length > 0 && socket.windowEnd > socket.sndNxt) return 'new';
      socket.frto = false;
    }
  }
  if (recovered) {
    undoRecovery(socket);
    return 'nothing';
  }
  if (!socket.sackOk) {
    if (socket.sndNxt > socket.highSeq && duplicates) addRenoSack(socket, duplicates);
    else if (advanced) socket.sackedOut = 0;
  }
  return 'lost';
}
