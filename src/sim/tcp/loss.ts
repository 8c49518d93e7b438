import { EVER_RETRANS, LOST, RETRANS, SACKED, type SendBuffer } from './buffers.ts';
import { currentSsthresh, ssthreshAfterLoss, startReduction } from './congestion.ts';
import { cubicState } from './cubic.ts';
import type { CongestionState, TcpSocket } from './socket.ts';

const isQuiet = (state: CongestionState) => state === 'open' || state === 'disorder';
export const isRecovering = (state: CongestionState) => state === 'recovery' || state === 'loss';

/** Marks a buffer lost, again where its retransmission was lost too (tcp_mark_skb_lost). */
export function markLost(socket: TcpSocket, buffer: SendBuffer): void {
  if (buffer.marks & SACKED) return;
  const hint = socket.retransmitHint;
  if ((!hint && socket.retransOut >= socket.lostOut) || (hint && buffer.seq < hint.seq)) socket.retransmitHint = buffer;
  if (!(buffer.marks & LOST)) {
    buffer.marks |= LOST;
    socket.lostOut += buffer.segments;
    socket.lost += buffer.segments;
  } else if (buffer.marks & RETRANS) {
    buffer.marks &= ~RETRANS;
    socket.retransOut -= buffer.segments;
    socket.lost += buffer.segments;
  }
}

/** Whether any retransmission is still unanswered (tcp_any_retrans_done). */
export function anyRetransmitted(socket: TcpSocket): boolean {
  return socket.retransOut > 0 || ((socket.rtxQueue[0]?.marks ?? 0) & EVER_RETRANS) !== 0;
}

/** Remembers from where a reduction can be undone should it prove needless (tcp_init_undo). */
function initUndo(socket: TcpSocket): void {
  socket.undoMarker = socket.sndUna;
  socket.undoRetrans = socket.retransOut;
  if (socket.tlpHighSeq && socket.tlpRetrans) socket.undoRetrans++;
  if (!socket.undoRetrans) socket.undoRetrans = -1;
}

/** The retransmission timer expired: all that is not known to have come counts as lost (tcp_enter_loss; RFC 5681 §3.1, F-RTO RFC 5682). */
export function enterLoss(socket: TcpSocket, isOverdue: (buffer: SendBuffer) => boolean): void {
  const { settings } = socket.host;
  const fresh = !isRecovering(socket.caState);
  markAllLost(socket, isOverdue);
  if (isQuiet(socket.caState) || socket.highSeq <= socket.sndUna || (socket.caState === 'loss' && !socket.retransmits)) {
    socket.priorSsthresh = currentSsthresh(socket);
    socket.priorCwnd = socket.sndCwnd;
    socket.sndSsthresh = ssthreshAfterLoss(socket);
    initUndo(socket);
  }
  socket.setCwnd(socket.inFlight + 1);
  socket.sndCwndCnt = 0;
  socket.sndCwndStamp = socket.jiffies;
  if (isQuiet(socket.caState) && socket.sackedOut >= settings.tcp_reordering) socket.reordering = Math.min(socket.reordering, settings.tcp_reordering);
  socket.caState = 'loss';
  if (socket.cubic) socket.cubic = cubicState(socket);
  socket.highSeq = socket.sndNxt;
  socket.tlpHighSeq = 0;
  socket.frto = settings.tcp_frto !== 0 && (fresh || socket.retransmits > 0);
}

/** tcp_timeout_mark_lost. */
function markAllLost(socket: TcpSocket, isOverdue: (buffer: SendBuffer) => boolean): void {
  const head = socket.rtxQueue[0];
  const reneged = head !== undefined && (head.marks & SACKED) !== 0;
  if (reneged) {
    socket.sackedOut = 0;
    socket.isSackReneg = true;
  } else if (!socket.sackOk) socket.sackedOut = 0;
  for (const buffer of socket.rtxQueue) {
    if (reneged) buffer.marks &= ~SACKED;
    else if (buffer !== head && !isOverdue(buffer)) continue;
    markLost(socket, buffer);
  }
  socket.retransmitHint = undefined;
}

/** Loss was found by duplicate ACKs or SACK: retransmit and reduce (tcp_enter_recovery; RFC 6675, 6937). */
export function enterRecovery(socket: TcpSocket): void {
  if (!anyRetransmitted(socket)) socket.retransStampMs = 0;
  socket.priorSsthresh = 0;
  initUndo(socket);
  if (!socket.inCwndReduction) {
    socket.priorSsthresh = currentSsthresh(socket);
    startReduction(socket);
  }
  socket.caState = 'recovery';
}

/** Whether an echoed timestamp or its absence shows that the original arrived (tcp_packet_delayed; RFC 3522). */
function wasDelayed(socket: TcpSocket): boolean {
  if (socket.retransStampMs) return socket.sawTimestamp && socket.rcvTsEcr !== 0 && socket.rcvTsEcr < socket.retransStampMs;
  if (!socket.sackOk && socket.sndUna >= socket.highSeq) return false;
  return socket.state !== 'SYN_SENT';
}

function mayUndo(socket: TcpSocket): boolean {
  return socket.undoMarker >= 0 && (socket.undoRetrans === 0 || wasDelayed(socket));
}

/** Takes a needless reduction back (tcp_undo_cwnd_reduction). */
function undoReduction(socket: TcpSocket, unmark: boolean): void {
  if (unmark) {
    for (const buffer of socket.rtxQueue) buffer.marks &= ~LOST;
    socket.lostOut = 0;
    socket.retransmitHint = undefined;
  }
  if (socket.priorSsthresh) {
    socket.setCwnd(Math.max(socket.sndCwnd, socket.priorCwnd));
    socket.sndSsthresh = Math.max(socket.sndSsthresh, socket.priorSsthresh);
  }
  socket.sndCwndStamp = socket.jiffies;
  socket.undoMarker = -1;
  socket.rackAdvanced = true;
}

/** Without SACK the state is kept until beyond the recovery point, lest old duplicates start it anew (RFC 6582). */
function holdsState(socket: TcpSocket): boolean {
  if (socket.sndUna !== socket.highSeq || socket.sackOk) return false;
  if (!anyRetransmitted(socket)) socket.retransStampMs = 0;
  return true;
}

/** All that was in flight at the loss is acknowledged; true where the state is kept (tcp_try_undo_recovery). */
export function undoRecovery(socket: TcpSocket): boolean {
  if (mayUndo(socket)) undoReduction(socket, false);
  else if (socket.rackReoPersist) socket.rackReoPersist--;
  if (holdsState(socket)) return true;
  socket.caState = 'open';
  socket.isSackReneg = false;
  return false;
}

/** tcp_try_undo_dsack. */
export function undoByDuplicateSack(socket: TcpSocket): boolean {
  if (socket.undoMarker < 0 || socket.undoRetrans !== 0) return false;
  socket.rackReoPersist = Math.min(16, socket.rackReoPersist + 1);
  undoReduction(socket, false);
  return true;
}

/** tcp_try_undo_loss. */
export function undoLoss(socket: TcpSocket, frto: boolean): boolean {
  if (!frto && !mayUndo(socket)) return false;
  undoReduction(socket, true);
  socket.retransmits = 0;
  if (holdsState(socket)) return true;
  if (frto || socket.sackOk) {
    socket.caState = 'open';
    socket.isSackReneg = false;
  }
  return true;
}

/** tcp_try_undo_partial; true where recovery goes on without more retransmissions. */
export function undoPartial(socket: TcpSocket): boolean {
  if (socket.undoMarker < 0 || !wasDelayed(socket)) return false;
  if (socket.retransOut) return true;
  if (!anyRetransmitted(socket)) socket.retransStampMs = 0;
  undoReduction(socket, true);
  keepOpen(socket);
  return false;
}

/** tcp_try_keep_open. */
export function keepOpen(socket: TcpSocket): void {
  const state = socket.sackedOut + socket.lostOut || anyRetransmitted(socket) ? 'disorder' : 'open';
  if (socket.caState === state) return;
  socket.caState = state;
  socket.highSeq = socket.sndNxt;
}
