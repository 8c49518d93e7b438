import type { TcpSocket } from './socket.ts';
import { sendAck } from './transmit.ts';

/** How much later than asked for the timer of gathered ACKs may fire, and does (tcp_comp_sack_slack_ns). */
const COMPRESSION_SLACK_NS = 100_000;

/** Beyond the first three, ACKs of early segments are gathered for a twentieth of a round trip, at most 1 ms. */
export function compressAck(socket: TcpSocket): void {
  socket.compressedAcks++;
  if (socket.compressedTimer) return;
  const rtt = socket.srttUs && socket.srttUs < socket.rcvRttUs ? socket.srttUs : socket.rcvRttUs;
  const delayNs = Math.min(1_000_000, Math.floor((rtt * 125) / 20));
  socket.compressedTimer = socket.host.after(delayNs + COMPRESSION_SLACK_NS, () => {
    socket.compressedTimer = 0;
    if (!socket.compressedAcks) return;
    socket.compressedAcks--;
    sendAck(socket);
  });
}
