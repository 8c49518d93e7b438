import { cubicSsthresh, cubicWidth } from './cubic.ts';
import type { TcpSocket } from './socket.ts';
import { TCP_INFINITE_SSTHRESH, TCP_INIT_CWND } from './units.ts';

/** The threshold after a loss: with Reno half the window, at least 2 (tcp_reno_ssthresh; RFC 5681 §3.1). */
export function ssthreshAfterLoss(socket: TcpSocket): number {
  return socket.cubic ? cubicSsthresh(socket, socket.cubic) : Math.max(socket.sndCwnd >> 1, 2);
}

/** tcp_current_ssthresh. */
export function currentSsthresh(socket: TcpSocket): number {
  const { sndCwnd, sndSsthresh } = socket;
  return socket.inCwndReduction ? sndSsthresh : Math.max(sndSsthresh, (sndCwnd >> 1) + (sndCwnd >> 2));
}

/** Whether the window held the sender back, so that it may grow (tcp_is_cwnd_limited; RFC 7661). */
function isLimited(socket: TcpSocket): boolean {
  if (socket.isCwndLimited) return true;
  return socket.sndCwnd < socket.sndSsthresh && socket.sndCwnd < 2 * socket.maxPacketsOut;
}

/** Slow start, then one segment a window with Reno, along a curve with CUBIC (tcp_reno_cong_avoid; RFC 5681 §3.1). `acked` in segments. */
export function congestionAvoidance(socket: TcpSocket, acked: number): void {
  socket.sndCwndStamp = socket.jiffies;
  if (!isLimited(socket)) return;
  let left = acked;
  if (socket.sndCwnd < socket.sndSsthresh) {
    const cwnd = Math.min(socket.sndCwnd + left, socket.sndSsthresh);
    left -= cwnd - socket.sndCwnd;
    socket.setCwnd(cwnd);
    if (!left) return;
  }
  const width = socket.cubic ? cubicWidth(socket, socket.cubic, left) : socket.sndCwnd;
  if (socket.sndCwndCnt >= width) {
    socket.sndCwndCnt = 0;
    socket.setCwnd(socket.sndCwnd + 1);
  }
  socket.sndCwndCnt += left;
  if (socket.sndCwndCnt >= width) {
    const grown = Math.floor(socket.sndCwndCnt / width);
    socket.sndCwndCnt -= grown * width;
    socket.setCwnd(socket.sndCwnd + grown);
  }
}

/** After a pause the window decays by half for each RTO, down to the initial one (tcp_cwnd_restart; RFC 2861). */
export function restartAfterIdle(socket: TcpSocket): void {
  if (!socket.host.settings.tcp_slow_start_after_idle || socket.packetsOut) return;
  let idle = socket.jiffies - socket.lsndtime;
  if (idle <= socket.rto) return;
  let cwnd = socket.sndCwnd;
  const restart = Math.min(TCP_INIT_CWND, cwnd);
  socket.sndSsthresh = currentSsthresh(socket);
  while ((idle -= socket.rto) > 0 && cwnd > restart) cwnd >>= 1;
  socket.setCwnd(Math.max(cwnd, restart));
  socket.sndCwndStamp = socket.jiffies;
  socket.sndCwndUsed = 0;
}

/** Remembers how much of the window was used; unused window is given up after an RTO (tcp_cwnd_validate). */
export function validateCwnd(socket: TcpSocket, limited: boolean): void {
  if (socket.sndUna >= socket.cwndUsageSeq || limited || (!socket.isCwndLimited && socket.packetsOut > socket.maxPacketsOut)) {
    socket.isCwndLimited = limited;
    socket.maxPacketsOut = socket.packetsOut;
    socket.cwndUsageSeq = socket.sndNxt;
  }
  if (isLimited(socket)) {
    socket.sndCwndUsed = 0;
    socket.sndCwndStamp = socket.jiffies;
    return;
  }
  socket.sndCwndUsed = Math.max(socket.sndCwndUsed, socket.packetsOut);
  if (socket.host.settings.tcp_slow_start_after_idle && socket.jiffies - socket.sndCwndStamp >= socket.rto) applicationLimited(socket);
}

/** tcp_cwnd_application_limited. */
function applicationLimited(socket: TcpSocket): void {
  if (socket.caState === 'open' && socket.hasProgram && !socket.noSpace) {
    const used = Math.max(socket.sndCwndUsed, TCP_INIT_CWND);
    if (used < socket.sndCwnd) {
      socket.sndSsthresh = currentSsthresh(socket);
      socket.setCwnd((socket.sndCwnd + used) >> 1);
    }
    socket.sndCwndUsed = 0;
  }
  socket.sndCwndStamp = socket.jiffies;
}

/** Begins to shrink the window in proportion to what is delivered (tcp_init_cwnd_reduction; RFC 6937). */
export function startReduction(socket: TcpSocket): void {
  socket.highSeq = socket.sndNxt;
  socket.tlpHighSeq = 0;
  socket.sndCwndCnt = 0;
  socket.priorCwnd = socket.sndCwnd;
  socket.prrDelivered = 0;
  socket.prrOut = 0;
  socket.sndSsthresh = ssthreshAfterLoss(socket);
}

/** One step of proportional rate reduction (tcp_cwnd_reduction). */
export function reduceCwnd(socket: TcpSocket, delivered: number, newlyLost: number, unaAdvanced: boolean): void {
  if (delivered <= 0 || !socket.priorCwnd) return;
  const delta = socket.sndSsthresh - socket.inFlight;
  socket.prrDelivered += delivered;
  let count: number;
  if (delta < 0) {
    count = Math.floor((socket.sndSsthresh * socket.prrDelivered + socket.priorCwnd - 1) / socket.priorCwnd) - socket.prrOut;
  } else {
    count = Math.max(socket.prrDelivered - socket.prrOut, delivered);
    if (unaAdvanced && !newlyLost) count++;
    count = Math.min(delta, count);
  }
  count = Math.max(count, socket.prrOut ? 0 : 1);
  socket.setCwnd(socket.inFlight + count);
}

/** tcp_end_cwnd_reduction. */
export function endReduction(socket: TcpSocket): void {
  if (socket.sndSsthresh < TCP_INFINITE_SSTHRESH && (socket.caState === 'cwr' || socket.undoMarker >= 0)) {
    socket.setCwnd(socket.sndSsthresh);
    socket.sndCwndStamp = socket.jiffies;
  }
}

/** Bytes a second that would fill the window twice, 1.2 times in congestion avoidance (tcp_update_pacing_rate): sizes large sends. */
export function updatePacingRate(socket: TcpSocket): void {
  const ratio = socket.sndCwnd < socket.sndSsthresh / 2 ? 200 : 120;
  const rate = socket.mssCache * 80_000 * ratio * Math.max(socket.sndCwnd, socket.packetsOut);
  socket.pacingRate = Math.floor(rate / Math.max(socket.srttUs, 1));
}
