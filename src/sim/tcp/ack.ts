import {
  ACK_MAYBE_DELAYED, ACKED, ackState, DATA, DATA_ACKED, DATA_SACKED, DSACK_TLP, DSACKING, FORWARD_PROGRESS, NO_CHALLENGE, NOT_DUP,
  ORIG_SACK_ACKED, RENEGING, RETRANS_DATA_ACKED, SET_TIMER, SLOW_PATH, SYN_ACKED, UNA_ADVANCED, UPDATE_TS_RECENT, WIN_UPDATE, type AckState,
} from './ackState.ts';
import { LOST, RETRANS, RETRANS_ANY, SACKED, type SendBuffer } from './buffers.ts';
import { congestionAvoidance, endReduction, reduceCwnd, restartAfterIdle, startReduction, updatePacingRate } from './congestion.ts';
import { cubicSample } from './cubic.ts';
import { keepOpen } from './loss.ts';
import { currentMss, syncMss } from './mss.ts';
import { rackAdvance, rackUpdateWindow } from './rack.ts';
import { fastRetransmitAlert, removeRenoSacks, type AfterAck } from './recovery.ts';
import { retransmitLost } from './retransmit.ts';
import { updateRtt } from './rtt.ts';
import { checkReordering, highestSackSeq, rateDelivered, tagQueue } from './sackTag.ts';
import { endSeq, SYN, type Segment } from './segment.ts';
import { pushFrames, scheduleLossProbe } from './sender.ts';
import { releaseSent, trimHead } from './sendQueue.ts';
import type { TcpSocket } from './socket.ts';
import { NAGLE_OFF } from './socketFlags.ts';
import { armWriteTimer, clearWriteTimer, probeInterval, probeWithinUserTimeout, rearmRto } from './timers.ts';
import { sendAck } from './transmit.ts';
import { INVALID_RATELIMIT } from './units.ts';

/** ACK of what was never sent, too old an ACK, an old ACK, a good one. */
type AckResult = 'unsent' | 'too-old' | 'old' | 'good';

/** Whether another answer to an invalid segment would come too soon (__tcp_oow_rate_limited). */
export function oowLimited(socket: TcpSocket): boolean {
  const now = socket.jiffies;
  if (socket.lastOowAckJiffies >= 0 && now - socket.lastOowAckJiffies < INVALID_RATELIMIT) return true;
  socket.lastOowAckJiffies = now;
  return false;
}

/** tcp_send_challenge_ack; RFC 5961. */
export function sendChallengeAck(socket: TcpSocket): void {
  if (!oowLimited(socket)) sendAck(socket);
}

/** Header prediction expects what came last, while nothing is out of order (tcp_fast_path_check). */
export function checkFastPath(socket: TcpSocket): void {
  if (socket.outOfOrder.length === 0 && socket.rcvWnd && socket.rmemAlloc < socket.rcvbuf) socket.predictedWindow = Math.floor(socket.sndWnd / 2 ** socket.sndWscale);
}

/** Takes the peer's window (tcp_ack_update_window; RFC 9293 §3.10.7.4). */
function updateWindow(socket: TcpSocket, segment: Segment): number {
  const window = segment.flags & SYN ? segment.window : segment.window * 2 ** socket.sndWscale;
  let flags = 0;
  if (segment.ack > socket.sndUna || segment.seq > socket.sndWl1 || (segment.seq === socket.sndWl1 && (window > socket.sndWnd || !window))) {
    flags = WIN_UPDATE;
    socket.sndWl1 = segment.seq;
    if (socket.sndWnd !== window) {
      socket.sndWnd = window;
      socket.predictedWindow = -1;
      checkFastPath(socket);
      if (socket.writeQueue.length > 0) restartAfterIdle(socket);
      if (window > socket.maxWindow) {
        socket.maxWindow = window;
        syncMss(socket);
      }
    }
  }
  advanceUna(socket, segment.ack);
  return flags;
}

function advanceUna(socket: TcpSocket, ack: number): void {
  socket.bytesAcked += ack - socket.sndUna;
  socket.sndUna = ack;
}

/** Remembers the timestamp to echo (tcp_replace_ts_recent; RFC 7323 §4.3). */
function replaceTsRecent(socket: TcpSocket, segment: Segment): void {
  if (socket.sawTimestamp && segment.seq <= socket.rcvWup) socket.tsRecent = Math.max(socket.tsRecent, segment.tsVal);
}

/** Works an ACK in: releases what it covers, measures, finds losses, moves the window, sends again (tcp_ack). */
export function processAck(socket: TcpSocket, segment: Segment, given: number): AckResult {
  const priorUna = socket.sndUna;
  const { ack } = segment;
  const state = ackState(given);
  if (ack < priorUna) return oldAck(socket, segment, state, priorUna);
  if (ack > socket.sndNxt) return 'unsent';
  if (ack > priorUna) {
    state.flags |= UNA_ADVANCED;
    socket.retransmits = 0;
  }
  const before = { packets: socket.packetsOut, delivered: socket.delivered, lost: socket.lost, fack: socket.sackOk ? highestSackSeq(socket) : priorUna };
  if (state.flags & UPDATE_TS_RECENT) replaceTsRecent(socket, segment);
  if ((state.flags & (SLOW_PATH | UNA_ADVANCED)) === UNA_ADVANCED) {
    socket.sndWl1 = segment.seq;
    advanceUna(socket, ack);
    state.flags |= WIN_UPDATE;
  } else {
    if (segment.seq !== endSeq(segment)) state.flags |= DATA;
    else socket.count('TCPPureAcks');
    state.flags |= updateWindow(socket, segment);
    if (segment.sacks) tagQueue(socket, segment, priorUna, state);
    socket.delivered += state.sackDelivered;
  }
  socket.probesOut = 0;
  socket.rcvTstamp = socket.jiffies;
  if (before.packets) inFlightAcked(socket, segment, state, priorUna, before);
  else nothingInFlight(socket, segment, state);
  socket.host.observer?.queues(socket);
  return 'good';
}

interface Before {
  readonly delivered: number;
  readonly lost: number;
  readonly fack: number;
}

function inFlightAcked(socket: TcpSocket, segment: Segment, state: AckState, priorUna: number, before: Before): void {
  releaseAcked(socket, state, before.fack, priorUna);
  rackUpdateWindow(socket, state.priorDelivered);
  if (socket.tlpHighSeq) processProbeAck(socket, segment.ack, state.flags);
  let after: AfterAck = 'nothing';
  if (!(state.flags & NOT_DUP) || state.flags & (DATA_SACKED | DSACKING) || socket.caState !== 'open') {
    let duplicates = 0;
    if (!(state.flags & (UNA_ADVANCED | NOT_DUP | DSACKING))) duplicates = state.flags & DATA ? 1 : Math.max(1, segment.gsoSegs);
    after = fastRetransmitAlert(socket, duplicates, state);
  }
  if (state.flags & SET_TIMER && !scheduleLossProbe(socket, true)) rearmRto(socket);
  const delivered = socket.delivered - before.delivered;
  if (socket.inCwndReduction) reduceCwnd(socket, delivered, socket.lost - before.lost, (state.flags & UNA_ADVANCED) !== 0);
  else if (state.flags & (socket.reordering > socket.host.settings.tcp_reordering ? FORWARD_PROGRESS : DATA_ACKED)) congestionAvoidance(socket, delivered);
  updatePacingRate(socket);
  sendAfterAck(socket, after);
}

/** tcp_xmit_recovery. */
function sendAfterAck(socket: TcpSocket, after: AfterAck): void {
  if (after === 'nothing' || socket.state === 'SYN_SENT') return;
  if (after === 'new') {
    pushFrames(socket, currentMss(socket), NAGLE_OFF);
    if (socket.sndNxt > socket.highSeq) return;
    socket.frto = false;
  }
  retransmitLost(socket);
}

function nothingInFlight(socket: TcpSocket, segment: Segment, state: AckState): void {
  if (state.flags & DSACKING) fastRetransmitAlert(socket, 0, state);
  const head = socket.writeQueue[0];
  if (head) {
    if (head.endSeq <= socket.windowEnd) {
      socket.backoff = 0;
      socket.probesStamp = 0;
      clearWriteTimer(socket);
    } else armWriteTimer(socket, 'persist', probeWithinUserTimeout(socket, probeInterval(socket)));
  }
  if (socket.tlpHighSeq) processProbeAck(socket, segment.ack, state.flags);
}

function oldAck(socket: TcpSocket, segment: Segment, state: AckState, priorUna: number): AckResult {
  if (segment.ack < priorUna - Math.min(socket.maxWindow, socket.bytesAcked)) {
    if (!(state.flags & NO_CHALLENGE)) sendChallengeAck(socket);
    return 'too-old';
  }
  if (state.flags & UPDATE_TS_RECENT) replaceTsRecent(socket, segment);
  if (segment.sacks) {
    tagQueue(socket, segment, priorUna, state);
    sendAfterAck(socket, fastRetransmitAlert(socket, 0, state));
  }
  return 'old';
}

/** What became of a tail loss probe (tcp_process_tlp_ack; RFC 8985 §7.4). */
function processProbeAck(socket: TcpSocket, ack: number, flags: number): void {
  if (ack < socket.tlpHighSeq) return;
  if (!socket.tlpRetrans || flags & DSACK_TLP) socket.tlpHighSeq = 0;
  else if (ack > socket.tlpHighSeq) {
    startReduction(socket);
    socket.caState = 'cwr';
    endReduction(socket);
    keepOpen(socket);
  } else if (!(flags & (UNA_ADVANCED | NOT_DUP | DATA_SACKED))) socket.tlpHighSeq = 0;
}

/** Frees what is acknowledged and measures the round trip on it (tcp_clean_rtx_queue). */
function releaseAcked(socket: TcpSocket, state: AckState, priorFack: number, priorUna: number): void {
  const { sackedOut } = socket;
  let firstUs = 0;
  let lastUs = 0;
  let acked = 0;
  let whole = true;
  let reord = socket.sndNxt;
  let released = 0;
  for (const buffer of socket.rtxQueue) {
    const start = buffer.seq;
    let count = buffer.segments;
    if (buffer.endSeq > socket.sndUna) {
      if (buffer.segments === 1 || socket.sndUna <= buffer.seq) break;
      trimHead(socket, buffer, socket.sndUna - buffer.seq);
      count -= buffer.segments;
      if (!count) break;
      whole = false;
    }
    if (buffer.marks & RETRANS_ANY) {
      if (buffer.marks & RETRANS) socket.retransOut -= count;
      state.flags |= RETRANS_DATA_ACKED;
    } else if (!(buffer.marks & SACKED)) {
      lastUs = buffer.sentUs;
      firstUs ||= lastUs;
      reord = Math.min(reord, start);
      if (buffer.endSeq <= socket.highSeq) state.flags |= ORIG_SACK_ACKED;
    }
    settle(socket, buffer, count);
    acked += count;
    rateDelivered(state, buffer);
    if (buffer.flags & SYN) {
      state.flags |= SYN_ACKED;
      socket.retransStampMs = 0;
    } else state.flags |= DATA_ACKED;
    if (!whole) break;
    released++;
    if (socket.highestSack === buffer) socket.highestSack = socket.rtxQueue[released];
  }
  const gone = socket.rtxQueue;
  socket.rtxQueue = gone.slice(released);
  for (let i = 0; i < released; i++) releaseSent(socket, gone[i] as SendBuffer);
  measure(socket, state, { firstUs, lastUs, acked, whole, reord, sackedOut, priorFack, priorUna });
}

/** Takes a delivered buffer out of the counts. */
function settle(socket: TcpSocket, buffer: SendBuffer, count: number): void {
  if (buffer.marks & SACKED) socket.sackedOut -= count;
  else if (socket.sackOk) {
    socket.delivered += count;
    const spurious = buffer.marks & RETRANS_ANY && socket.sawTimestamp && socket.rcvTsEcr && socket.rcvTsEcr < Math.floor(buffer.sentUs / 1000);
    if (!spurious) rackAdvance(socket, buffer.marks, buffer.endSeq, buffer.sentUs);
  }
  if (buffer.marks & LOST) socket.lostOut -= count;
  socket.packetsOut -= count;
}

interface Released {
  readonly firstUs: number;
  readonly lastUs: number;
  readonly acked: number;
  readonly whole: boolean;
  readonly reord: number;
  readonly sackedOut: number;
  readonly priorFack: number;
  readonly priorUna: number;
}

function measure(socket: TcpSocket, state: AckState, got: Released): void {
  const head = socket.rtxQueue[0];
  if (head && head.marks & SACKED) state.flags |= RENEGING;
  const now = socket.nowUs;
  let seqRttUs = -1;
  let sackRttUs = -1;
  let caRttUs = -1;
  if (got.firstUs && !(state.flags & RETRANS_DATA_ACKED)) {
    seqRttUs = now - got.firstUs;
    caRttUs = now - got.lastUs;
    const single = got.acked === 1 && got.whole && !got.sackedOut && socket.sndUna - got.priorUna < socket.mssCache;
    if (single && state.priorDelivered + 1 === socket.delivered && !(state.flags & (DATA_SACKED | DSACKING | SYN_ACKED))) state.flags |= ACK_MAYBE_DELAYED;
  }
  if (state.firstSackedUs) {
    sackRttUs = now - state.firstSackedUs;
    caRttUs = now - state.lastSackedUs;
  }
  const updated = updateRtt(socket, seqRttUs, sackRttUs, caRttUs, (state.flags & ACKED) !== 0, (state.flags & ACK_MAYBE_DELAYED) !== 0);
  if (socket.cubic) cubicSample(socket, socket.cubic, caRttUs);
  if (state.flags & ACKED) {
    state.flags |= SET_TIMER;
    if (!socket.sackOk) {
      removeRenoSacks(socket, got.acked);
      if (state.flags & RETRANS_DATA_ACKED) state.flags &= ~ORIG_SACK_ACKED;
    } else if (got.reord < got.priorFack) checkReordering(socket, got.reord);
  } else if (head && updated && sackRttUs >= 0 && sackRttUs > now - head.sentUs) state.flags |= SET_TIMER;
}
