import { type SendBuffer } from './buffers.ts';
import { cubicResumes } from './cubic.ts';
import { ACK, FIN, PSH, RST, SYN, type SackBlock, type Segment } from './segment.ts';
import type { TcpSocket } from './socket.ts';
import { ACK_PUSHED, ACK_SCHEDULED, ACK_TIMER } from './socketFlags.ts';
import { armDelayedAck, clearDelayedAck } from './timers.ts';
import { HZ, jiffiesFromUs, TCP_ATO_MIN, TCP_DELACK_MAX, TCP_DELACK_MIN, TIMESTAMP_OPTION } from './units.ts';
import { selectWindow } from './window.ts';

const MAX_OPTIONS = 40;

/** Blocks that a segment has room to report: the duplicate first, then the rest (tcp_established_options; RFC 2018, 2883). */
function blocksToReport(socket: TcpSocket): SackBlock[] | undefined {
  if (!socket.dsack && socket.sacks.length === 0) return undefined;
  const all = socket.dsack ? [socket.dsack, ...socket.sacks] : socket.sacks;
  const room = Math.floor((MAX_OPTIONS - (socket.timestamps ? TIMESTAMP_OPTION : 0) - 4) / 8);
  return all.slice(0, room).map((block) => ({ ...block }));
}

/** Length of the TCP header with the options that a segment would carry now. */
export function currentHeaderLen(socket: TcpSocket): number {
  const blocks = blocksToReport(socket);
  return 20 + (socket.timestamps ? TIMESTAMP_OPTION : 0) + (blocks ? 4 + 8 * blocks.length : 0);
}

/** Puts a segment together and sends it (__tcp_transmit_skb). */
function send(socket: TcpSocket, flags: number, seq: number, len: number, from: SendBuffer | undefined, rcvNxt: number): void {
  const { host } = socket;
  const blocks = flags & SYN ? undefined : blocksToReport(socket);
  const timestamps = flags & SYN ? host.settings.tcp_timestamps !== 0 : socket.timestamps;
  const segment: Segment = {
    from: host.name, conn: socket.conn, flags, seq, ack: flags & ACK ? rcvNxt : 0, len, window: 0, headerLen: 20,
    mss: 0, wscale: -1, sackOk: false, timestamps, tsVal: timestamps ? socket.nowMs : 0, tsEcr: timestamps ? socket.tsRecent : 0,
    sacks: blocks, gsoSize: from && from.segments > 1 ? from.gsoSize : 0, gsoSegs: from?.segments ?? 1,
    senderTruesize: from?.truesize ?? 832, source: from?.share,
  };
  if (flags & SYN) synOptions(socket, segment);
  else {
    segment.headerLen += (timestamps ? TIMESTAMP_OPTION : 0) + (blocks ? 4 + 8 * blocks.length : 0);
    segment.window = selectWindow(socket);
    socket.dsack = undefined;
  }
  socket.lastSentUs = socket.nowUs;
  if (flags & ACK) ackSent(socket, rcvNxt);
  if (len > 0) dataSent(socket);
  host.transmit(segment);
  host.observer?.queues(socket);
}

function synOptions(socket: TcpSocket, segment: Segment): void {
  const { settings } = socket.host;
  segment.mss = socket.advmss;
  segment.wscale = settings.tcp_window_scaling ? socket.rcvWscale : -1;
  segment.sackOk = settings.tcp_sack !== 0;
  segment.headerLen = 24 + (segment.timestamps ? TIMESTAMP_OPTION : segment.sackOk ? 4 : 0) + (segment.wscale >= 0 ? 4 : 0);
  segment.window = Math.min(socket.rcvWnd, 65_535);
}

/** An ACK left: quick ACKs are used up, the delayed one is off (tcp_event_ack_sent, tcp_dec_quickack_mode). */
function ackSent(socket: TcpSocket, rcvNxt: number): void {
  if (socket.compressedAcks) {
    socket.compressedAcks = 0;
    if (socket.compressedTimer) socket.host.cancel(socket.compressedTimer);
    socket.compressedTimer = 0;
  }
  if (rcvNxt !== socket.rcvNxt) return;
  if (socket.quick) {
    const acked = socket.ackScheduled ? 1 : 0;
    if (acked >= socket.quick) {
      socket.quick = 0;
      socket.ato = TCP_ATO_MIN;
    } else socket.quick -= acked;
  }
  clearDelayedAck(socket);
}

/** Data left soon after data came: the connection is interactive, ACKs may ride on answers (tcp_event_data_sent). */
function dataSent(socket: TcpSocket): void {
  const now = socket.jiffies;
  if (socket.cubic && socket.inFlight === 0) cubicResumes(socket, socket.cubic);
  socket.lsndtime = now;
  if (now - socket.lrcvtime < socket.ato && socket.pingpong < 255) socket.pingpong++;
}

/** Sends a queued buffer; it stays queued until acknowledged. */
export function transmitBuffer(socket: TcpSocket, buffer: SendBuffer): void {
  buffer.sentUs = socket.nowUs;
  if (buffer.segments > 1) buffer.flags |= PSH;
  send(socket, buffer.flags, buffer.seq, buffer.len, buffer, socket.rcvNxt);
  forgetOrder(socket, buffer);
  socket.sentOrder.push(buffer);
  buffer.deliveredAtSend = socket.delivered;
}

/** A buffer is no longer looked at in the order of sending. */
export function forgetOrder(socket: TcpSocket, buffer: SendBuffer): void {
  const at = socket.sentOrder.indexOf(buffer);
  if (at < 0) return;
  if (socket.sentOrder.length === 1) socket.sentOrder = [];
  else socket.sentOrder.splice(at, 1);
}

/** The sequence number that a segment without data carries: never beyond the peer's window (tcp_acceptable_seq). */
function acceptableSeq(socket: TcpSocket): number {
  const { sndNxt, windowEnd } = socket;
  if (windowEnd >= sndNxt || (socket.windowScaling && sndNxt - windowEnd < 2 ** socket.rcvWscale)) return sndNxt;
  return windowEnd;
}

/** tcp_send_ack. */
export function sendAck(socket: TcpSocket): void {
  if (socket.state === 'CLOSE') return;
  send(socket, ACK, acceptableSeq(socket), 0, undefined, socket.rcvNxt);
}

/** An empty segment that asks for an answer: one byte back to probe a closed window, or at the edge for keep-alive (tcp_xmit_probe_skb). */
export function sendProbe(socket: TcpSocket): void {
  socket.count('TCPWinProbe');
  send(socket, ACK, socket.sndUna - 1, 0, undefined, socket.rcvNxt);
}

/** tcp_send_active_reset. */
export function sendReset(socket: TcpSocket): void {
  send(socket, ACK | RST, acceptableSeq(socket), 0, undefined, socket.rcvNxt);
}

/** Notes that an ACK is owed (inet_csk_schedule_ack). */
export function scheduleAck(socket: TcpSocket): void {
  socket.ackPending |= ACK_SCHEDULED;
}

/** Puts the ACK off, 40 ms at least, up to the round trip or 200 ms (tcp_send_delayed_ack; RFC 9293 §3.8.6.3). */
export function sendDelayedAck(socket: TcpSocket): void {
  let { ato } = socket;
  if (ato > TCP_DELACK_MIN) {
    let most = HZ / 2;
    if (socket.inPingpong || socket.ackPending & ACK_PUSHED) most = TCP_DELACK_MAX;
    if (socket.srttUs) most = Math.min(most, Math.max(jiffiesFromUs(Math.floor(socket.srttUs / 8)), TCP_DELACK_MIN));
    ato = Math.min(ato, most);
  }
  ato = Math.min(ato, TCP_DELACK_MAX, Math.max(socket.host.settings.rtoMin, 2) - 1);
  const now = socket.jiffies;
  let timeout = now + ato;
  if (socket.ackPending & ACK_TIMER) {
    if (socket.ackTimeout <= now + (ato >> 2)) return sendAck(socket);
    if (timeout >= socket.ackTimeout) timeout = socket.ackTimeout;
  }
  socket.ackPending |= ACK_SCHEDULED;
  armDelayedAck(socket, timeout);
}

/** Flags that a buffer of data or FIN starts with. */
export const DATA_FLAGS = ACK;
export const FIN_FLAGS = ACK | FIN;
