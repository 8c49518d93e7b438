import { receivedTailroom, receivedTruesize, type ReceiveBuffer } from './buffers.ts';
import { endSeq, FIN, type Segment } from './segment.ts';
import type { TcpSocket } from './socket.ts';
import { IP_HEADER } from './units.ts';

const notShared = () => false;
/** Pages that a program's writes are copied into are this large (SKB_FRAG_PAGE_ORDER). */
const FRAGMENT = 32_768;

/** The buffer that holds a segment at its receiver. On loopback it is the sender's own, and stays shared with it until
 * acknowledged, and with who captures packets until that program had its turn. */
export function receivedBuffer(socket: TcpSocket, segment: Segment): ReceiveBuffer {
  const { seq, len, source } = segment;
  const fin = (segment.flags & FIN) !== 0;
  if (socket.host.settings.loopback) {
    const frags = len ? 1 + Math.floor(len / FRAGMENT) : 0;
    const { host } = socket;
    const { turn } = host;
    const shared = () => host.turn === turn || (source !== undefined && !source.freed);
    return { seq, endSeq: endSeq(segment), len, fin, truesize: segment.senderTruesize, tailroom: 0, frags, shared };
  }
  const bytes = IP_HEADER + segment.headerLen + len;
  return { seq, endSeq: endSeq(segment), len, fin, truesize: receivedTruesize(bytes), tailroom: receivedTailroom(bytes), frags: 0, shared: notShared };
}
