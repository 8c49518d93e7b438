import type { TcpHost } from '../../shared/tcpTrace.ts';

export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const PSH = 8;
export const ACK = 16;

export interface SackBlock {
  start: number;
  end: number;
}

/** A TCP segment on its way. Sequence numbers are relative: a SYN has 0, the first byte of data 1. */
export interface Segment {
  readonly from: TcpHost;
  /** Index of its connection. */
  readonly conn: number;
  flags: number;
  seq: number;
  ack: number;
  len: number;
  /** The window field as it is in the header, not scaled. */
  window: number;
  /** TCP header with options, bytes. */
  headerLen: number;
  mss: number;
  /** -1 without the option. */
  wscale: number;
  sackOk: boolean;
  timestamps: boolean;
  tsVal: number;
  tsEcr: number;
  sacks: SackBlock[] | undefined;
  /** Segments of this size that were handed over as one, and how many (segmentation offload). */
  gsoSize: number;
  gsoSegs: number;
  /** What the sender's memory for it counted, which on loopback is what the receiver is charged; 0 over a wire. */
  senderTruesize: number;
  /** The sender's buffer that shares its data; on loopback it stays shared until it is acknowledged. */
  source: { freed: boolean } | undefined;
}

/** A segment with no data, no options and no window. */
export function bareSegment(from: TcpHost, conn: number, flags: number, seq: number, ack: number): Segment {
  return {
    from, conn, flags, seq, ack, len: 0, window: 0, headerLen: 20, mss: 0, wscale: -1, sackOk: false,
    timestamps: false, tsVal: 0, tsEcr: 0, sacks: undefined, gsoSize: 0, gsoSegs: 1, senderTruesize: 0, source: undefined,
  };
}

/** Sequence number after a segment: SYN and FIN count one each. */
export function endSeq(segment: Segment): number {
  return segment.seq + segment.len + (segment.flags & SYN ? 1 : 0) + (segment.flags & FIN ? 1 : 0);
}

const LETTERS = Array.from({ length: 32 }, (_, flags) => (flags & SYN ? 'S' : '') + (flags & FIN ? 'F' : '') + (flags & RST ? 'R' : '') + (flags & PSH ? 'P' : '') + (flags & ACK ? '.' : ''));

/** Letters of S F R P and `.` for ACK, in the order recordings have them. */
export function flagLetters(flags: number): string {
  return LETTERS[flags] as string;
}

/** The listener's answer to a segment nobody waits for (tcp_v4_send_reset). */
export function resetFor(segment: Segment, from: TcpHost): Segment {
  if (segment.flags & ACK) return bareSegment(from, segment.conn, RST, segment.ack, 0);
  return bareSegment(from, segment.conn, RST | ACK, 0, endSeq(segment));
}
