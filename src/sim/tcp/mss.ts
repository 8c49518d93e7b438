import type { TcpSocket } from './socket.ts';
import { IP_HEADER, MIN_ADVMSS, TCP_HEADER, TCP_MIN_SND_MSS, TCP_MSS_DEFAULT } from './units.ts';
import { currentHeaderLen } from './transmit.ts';

/** The segment size a host announces for its MTU (ipv4_default_advmss; RFC 9293 §3.7.1). */
export function advertisedMss(mtu: number, userMss: number): number {
  const mss = Math.min(Math.max(mtu - IP_HEADER - TCP_HEADER, MIN_ADVMSS), 65_535 - IP_HEADER - TCP_HEADER);
  return userMss && userMss < mss ? userMss : mss;
}

/** No more than half the largest window ever offered: else a sender of huge segments would stop and go (tcp_bound_to_half_wnd). */
function withinHalfWindow(socket: TcpSocket, size: number): number {
  const { maxWindow, headerLen } = socket;
  const cutoff = maxWindow > TCP_MSS_DEFAULT ? maxWindow >> 1 : maxWindow;
  return cutoff && size > cutoff ? Math.max(cutoff, 68 - headerLen) : size;
}

/** Recomputes the segment size from MTU, the peer's MSS and its window (tcp_sync_mss). */
export function syncMss(socket: TcpSocket): void {
  const fromMtu = socket.host.settings.mtu - IP_HEADER - TCP_HEADER;
  const mss = Math.max(Math.min(fromMtu, socket.mssClamp), TCP_MIN_SND_MSS) - (socket.headerLen - TCP_HEADER);
  socket.mssCache = withinHalfWindow(socket, mss);
}

/** The segment size for the options a segment would carry now (tcp_current_mss). */
export function currentMss(socket: TcpSocket): number {
  return socket.mssCache - (currentHeaderLen(socket) - socket.headerLen);
}

/** How much one buffer takes before a new one is begun: segments that can be sent in one piece (tcp_xmit_size_goal). */
export function sizeGoal(socket: TcpSocket, mss: number): number {
  const { gsoMaxSegs, gsoMaxSize } = socket.host.settings;
  const largest = withinHalfWindow(socket, gsoMaxSize);
  let goal = socket.gsoSegs * mss;
  if (largest < goal || largest >= goal + mss) {
    socket.gsoSegs = Math.min(Math.floor(largest / mss), gsoMaxSegs);
    goal = socket.gsoSegs * mss;
  }
  return Math.max(goal, mss);
}
