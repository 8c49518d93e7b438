import { MAX_TCP_HEADER, SEND_OVERHEAD, type ReceiveBuffer } from './buffers.ts';
import type { TcpSocket } from './socket.ts';
import { ACK_NO_MEMORY } from './socketFlags.ts';
import { align, MAX_WINDOW_SCALE, roundDown, TCP_INIT_CWND, TCP_MIN_MSS, TCP_MSS_DEFAULT } from './units.ts';

/** How much of `space` bytes of memory may be offered as window: the share of payload seen in recent buffers (tcp_win_from_space). */
export function windowFromSpace(socket: TcpSocket, space: number): number {
  return Math.floor((space * socket.scalingRatio) / 256);
}

/** Free receive memory as window (tcp_space). */
export function freeSpace(socket: TcpSocket): number {
  return windowFromSpace(socket, socket.rcvbuf - socket.backlogLen - socket.rmemAlloc);
}

export function fullSpace(socket: TcpSocket): number {
  return windowFromSpace(socket, socket.rcvbuf);
}

/** What is left of the offered window (tcp_receive_window). */
export function receiveWindow(socket: TcpSocket): number {
  return Math.max(0, socket.rcvWup + socket.rcvWnd - socket.rcvNxt);
}

/** The window and scale a connection starts with (tcp_select_initial_window). `mss` without options. */
export function initialWindow(socket: TcpSocket, mss: number, scaling: boolean): { rcvWnd: number; clamp: number; wscale: number } {
  const { settings } = socket.host;
  const limit = socket.windowClamp || 65_535 * 2 ** MAX_WINDOW_SCALE;
  let space = Math.min(limit, Math.max(0, fullSpace(socket)));
  if (space > mss) space = roundDown(space, mss);
  const rcvWnd = settings.tcp_workaround_signed_windows ? Math.min(space, 32_767) : space;
  let wscale = 0;
  if (scaling) {
    const largest = Math.min(Math.max(space, settings.rmem[2], settings.rmem_max), limit);
    wscale = Math.min(Math.max(Math.floor(Math.log2(Math.max(largest, 1))) - 15, 0), MAX_WINDOW_SCALE);
  }
  return { rcvWnd, clamp: Math.min(65_535 * 2 ** wscale, limit), wscale };
}

/** tcp_init_buffer_space: sizes of both buffers once the connection stands. */
export function initBufferSpace(socket: TcpSocket): void {
  if (!socket.sndbufLocked) expandSendBuffer(socket);
  socket.rcvqTimeUs = socket.nowUs;
  socket.rcvqSeq = socket.copiedSeq;
  socket.windowClamp = Math.min(socket.windowClamp, fullSpace(socket));
  socket.rcvSsthresh = Math.min(socket.rcvSsthresh, socket.windowClamp);
  socket.sndCwndStamp = socket.jiffies;
  socket.rcvqSpace = Math.min(socket.rcvSsthresh, socket.rcvWnd, TCP_INIT_CWND * socket.advmss);
}

/** Room for two congestion windows of whole buffers (tcp_sndbuf_expand). */
export function expandSendBuffer(socket: TcpSocket): void {
  const payload = Math.max(socket.mssClamp, socket.mssCache) + MAX_TCP_HEADER + 320;
  const perMss = 2 ** Math.ceil(Math.log2(payload)) + 256;
  const segments = Math.max(TCP_INIT_CWND, socket.sndCwnd, socket.reordering + 1);
  const wanted = 2 * segments * perMss;
  if (socket.sndbuf < wanted) socket.sndbuf = Math.min(wanted, socket.host.settings.wmem[2]);
}

/** First guess of the peer's segment size (tcp_initialize_rcv_mss). */
export function initReceiveMss(socket: TcpSocket): void {
  const hint = Math.min(socket.advmss, socket.mssCache, Math.floor(socket.rcvWnd / 2), TCP_MSS_DEFAULT);
  socket.rcvMss = Math.max(hint, TCP_MIN_MSS);
}

/** Lets the offered window grow with what arrives, as far as memory goes (tcp_grow_window). `len` is the segment's payload. */
export function growWindow(socket: TcpSocket, buffer: ReceiveBuffer, len: number, adjust: boolean): void {
  const room = Math.min(socket.windowClamp, freeSpace(socket)) - socket.rcvSsthresh;
  if (room <= 0) return;
  let { truesize } = buffer;
  if (adjust && buffer.frags > 0 && truesize - SEND_OVERHEAD >= len) truesize -= SEND_OVERHEAD;
  const grow = windowFromSpace(socket, truesize) <= len ? 2 * socket.advmss : growSlowly(socket, len, truesize);
  if (!grow) return;
  socket.rcvSsthresh = align(socket.rcvSsthresh + Math.min(room, Math.max(grow, 2 * len)), 2 ** socket.rcvWscale);
  socket.quick |= 1;
}

/** Small segments cost more than they carry: the window grows only while it is far from the limit (__tcp_grow_window). */
function growSlowly(socket: TcpSocket, len: number, bufferTruesize: number): number {
  let truesize = windowFromSpace(socket, bufferTruesize) >> 1;
  let window = windowFromSpace(socket, socket.host.settings.rmem[2]) >> 1;
  while (socket.rcvSsthresh <= window) {
    if (truesize <= len) return 2 * socket.rcvMss;
    truesize >>= 1;
    window >>= 1;
  }
  return 0;
}

/** The window that may be offered now, in bytes, avoiding silly ones (__tcp_select_window; RFC 9293 §3.8.6.2.2). */
export function windowToOffer(socket: TcpSocket): number {
  const { settings } = socket.host;
  let mss = socket.rcvMss;
  let free = freeSpace(socket);
  const allowed = fullSpace(socket);
  const full = Math.min(socket.windowClamp, allowed);
  if (mss > full) {
    mss = full;
    if (mss <= 0) return 0;
  }
  const unit = 2 ** socket.rcvWscale;
  const mayShrink = settings.tcp_shrink_window !== 0 && socket.rcvWscale > 0;
  if (mayShrink) free = roundDown(free, unit);
  if (free < full >> 1) {
    socket.quick = 0;
    if (!mayShrink) free = roundDown(free, unit);
    if (free < allowed >> 4 || free < mss || (mayShrink && free < unit)) return 0;
  }
  if (mayShrink) return free > socket.rcvSsthresh ? align(socket.rcvSsthresh, unit) : free;
  free = Math.min(free, socket.rcvSsthresh);
  if (socket.rcvWscale) return align(free, unit);
  const window = socket.rcvWnd;
  if (window <= free - mss || window > free) return roundDown(free, mss);
  return mss === full && free > window + (full >> 1) ? free : window;
}

/** Chooses the window of a segment that leaves now and remembers it; the header's field (tcp_select_window). */
export function selectWindow(socket: TcpSocket): number {
  const { settings } = socket.host;
  const before = socket.rcvWnd;
  if (socket.ackPending & ACK_NO_MEMORY) {
    socket.predictedWindow = -1;
    socket.rcvWnd = 0;
    socket.rcvWup = socket.rcvNxt;
    return 0;
  }
  const left = receiveWindow(socket);
  let window = windowToOffer(socket);
  if (window < left && (!settings.tcp_shrink_window || !socket.rcvWscale)) {
    if (window === 0) socket.count('TCPWantZeroWindowAdv');
    window = align(left, 2 ** socket.rcvWscale);
  }
  socket.rcvWnd = window;
  socket.rcvWup = socket.rcvNxt;
  const largest = !socket.rcvWscale && settings.tcp_workaround_signed_windows ? 32_767 : 65_535 * 2 ** socket.rcvWscale;
  const field = Math.floor(Math.min(window, largest) / 2 ** socket.rcvWscale);
  if (field === 0) {
    socket.predictedWindow = -1;
    if (before) socket.count('TCPToZeroWindowAdv');
  } else if (before === 0) socket.count('TCPFromZeroWindowAdv');
  return field;
}

/** Memory ran out: an unlocked buffer grows to what is held, else the window shrinks (tcp_clamp_window). */
export function clampWindow(socket: TcpSocket): void {
  socket.quick = 0;
  const limit = socket.host.settings.rmem[2];
  if (socket.rcvbuf < limit && !socket.rcvbufLocked) socket.rcvbuf = Math.min(socket.rmemAlloc, limit);
  if (socket.rmemAlloc > socket.rcvbuf) socket.rcvSsthresh = Math.min(socket.windowClamp, 2 * socket.advmss);
}

/** Lets an unlocked receive buffer follow what was delivered in a round trip, with room to double (tcp_rcvbuf_grow, 6.18). */
export function growReceiveBuffer(socket: TcpSocket, delivered: number): void {
  const before = socket.rcvqSpace;
  socket.rcvqSpace = delivered;
  if (!socket.host.settings.tcp_moderate_rcvbuf || socket.rcvbufLocked) return;
  let window = delivered * 2;
  window += 2 * Math.floor((window * (delivered - before)) / Math.max(before, 1));
  const last = socket.outOfOrder.at(-1);
  if (last) window += last.endSeq - socket.rcvNxt;
  const memory = Math.min(Math.floor((window * 256) / socket.scalingRatio), socket.host.settings.rmem[2]);
  if (memory <= socket.rcvbuf) return;
  socket.rcvbuf = memory;
  socket.windowClamp = windowFromSpace(socket, memory);
}

/** Dynamic right-sizing, at each read: once a round trip, by what the program took (tcp_rcv_space_adjust). */
export function adjustReceiveSpace(socket: TcpSocket): void {
  if (socket.rcvRttUs === 0 || socket.nowUs - socket.rcvqTimeUs < socket.rcvRttUs >> 3) return;
  const copied = socket.copiedSeq - socket.rcvqSeq - (socket.rcvNxt - socket.copiedSeq);
  if (copied > socket.rcvqSpace) growReceiveBuffer(socket, copied);
  socket.rcvqSeq = socket.copiedSeq;
  socket.rcvqTimeUs = socket.nowUs;
}
