/** What a captured frame says of its TCP segment. */
export interface TcpHeader {
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Letters of S F R P and `.` for ACK, in that order. */
  readonly flags: string;
  readonly seq: number;
  readonly ack: number;
  /** Of the window field, without its scale. */
  readonly window: number;
  /** Payload bytes, also where the capture kept fewer. */
  readonly len: number;
  /** Of a SYN that offers one; null otherwise. */
  readonly windowScale: number | null;
}

const ETHERNET = 1;
const ETHERNET_HEADER_BYTES = 14;
const IPV4 = 0x0800;
const TCP = 6;
const END_OF_OPTIONS = 0;
const NO_OPERATION = 1;
const WINDOW_SCALE = 3;
/** Bit in the header → its letter. */
const FLAGS: readonly (readonly [number, string])[] = [[0x02, 'S'], [0x01, 'F'], [0x04, 'R'], [0x08, 'P'], [0x10, '.']];

/** The TCP header in an Ethernet frame of IPv4 (RFC 791 §3.1, RFC 9293 §3.1), which loopback frames are; null for any other. */
export function tcpHeaderIn(linkType: number, frame: Buffer): TcpHeader | null {
  if (linkType !== ETHERNET || frame.length < ETHERNET_HEADER_BYTES + 40 || frame.readUInt16BE(12) !== IPV4) return null;
  const ip = frame.subarray(ETHERNET_HEADER_BYTES);
  const ipBytes = (ip.readUInt8(0) & 15) * 4;
  if (ip.readUInt8(9) !== TCP || ip.length < ipBytes + 20) return null;
  const tcp = ip.subarray(ipBytes);
  const tcpBytes = (tcp.readUInt8(12) >> 4) * 4;
  const bits = tcp.readUInt8(13);
  return {
    sourcePort: tcp.readUInt16BE(0),
    destinationPort: tcp.readUInt16BE(2),
    flags: FLAGS.map(([bit, letter]) => (bits & bit ? letter : '')).join(''),
    seq: tcp.readUInt32BE(4),
    ack: tcp.readUInt32BE(8),
    window: tcp.readUInt16BE(14),
    len: ip.readUInt16BE(2) - ipBytes - tcpBytes,
    windowScale: windowScaleIn(tcp.subarray(20, tcpBytes)),
  };
}

function windowScaleIn(options: Buffer): number | null {
  for (let at = 0; at < options.length; ) {
    const kind = options.readUInt8(at);
    if (kind === END_OF_OPTIONS) break;
    if (kind === NO_OPERATION) {
      at++;
      continue;
    }
    const length = options[at + 1] ?? 0;
    if (length < 2) break;
    if (kind === WINDOW_SCALE) return options[at + 2] ?? null;
    at += length;
  }
  return null;
}
