import type { TcpSocket } from './socket.ts';
import { jiffiesFromUs, JIFFY_US } from './units.ts';

/** Smoothed round trip and its deviation, both scaled by 8 and 4 (tcp_rtt_estimator; RFC 6298, with Linux's floor on the deviation). */
function estimate(socket: TcpSocket, rttUs: number): void {
  if (socket.srttUs) {
    let error = rttUs - Math.floor(socket.srttUs / 8);
    socket.srttUs = Math.max(1, socket.srttUs + error);
    if (error < 0) {
      error = -error - Math.floor(socket.mdevUs / 4);
      if (error > 0) error = Math.floor(error / 8);
    } else error -= Math.floor(socket.mdevUs / 4);
    socket.mdevUs += error;
    if (socket.mdevUs > socket.mdevMaxUs) {
      socket.mdevMaxUs = socket.mdevUs;
      socket.rttvarUs = Math.max(socket.rttvarUs, socket.mdevMaxUs);
    }
    if (socket.sndUna > socket.rttSeq) {
      if (socket.mdevMaxUs < socket.rttvarUs) socket.rttvarUs -= Math.floor((socket.rttvarUs - socket.mdevMaxUs) / 4);
      socket.rttSeq = socket.sndNxt;
      socket.mdevMaxUs = socket.rtoMinUs;
    }
    return;
  }
  socket.srttUs = Math.max(1, rttUs * 8);
  socket.mdevUs = rttUs * 2;
  socket.rttvarUs = Math.max(socket.mdevUs, socket.rtoMinUs);
  socket.mdevMaxUs = socket.rttvarUs;
  socket.rttSeq = socket.sndNxt;
}

/** The retransmission timeout in jiffies, without backoff (__tcp_set_rto, tcp_bound_rto). */
export function computedRto(socket: TcpSocket): number {
  return Math.min(jiffiesFromUs(Math.floor(socket.srttUs / 8) + socket.rttvarUs), socket.host.settings.rtoMax);
}

/**
 * Takes a round trip measured on data, else on SACKed data, else from the echoed timestamp (tcp_ack_update_rtt); -1 where there is none.
 * @returns whether there was one
 */
export function updateRtt(socket: TcpSocket, seqRttUs: number, sackRttUs: number, caRttUs: number, acked: boolean, maybeDelayed: boolean): boolean {
  let rttUs = seqRttUs >= 0 ? seqRttUs : sackRttUs;
  let latestUs = caRttUs;
  if (rttUs < 0 && socket.sawTimestamp && socket.rcvTsEcr && acked) rttUs = latestUs = (socket.nowMs - socket.rcvTsEcr || 1) * 1000;
  if (rttUs < 0) return false;
  if (!maybeDelayed || latestUs <= socket.minRttUs) socket.minRttUs = Math.min(socket.minRttUs, latestUs || JIFFY_US);
  estimate(socket, rttUs);
  socket.rto = computedRto(socket);
  socket.backoff = 0;
  return true;
}
