/** One captured frame of a pcap stream. */
export interface CapturedFrame {
  /** Wall clock, nanoseconds since 1970. */
  readonly wallNs: bigint;
  readonly linkType: number;
  readonly bytes: Buffer;
}

const HEADER_BYTES = 24;
const FRAME_HEADER_BYTES = 16;
const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;

/**
 * The whole frames in the beginning of a pcap stream (draft-ietf-opsawg-pcap §4, §5), in the byte order of the machine that wrote it. An
 * unfinished last one is left out; what is no pcap gives none.
 */
export function framesIn(pcap: Buffer): CapturedFrame[] {
  if (pcap.length < HEADER_BYTES) return [];
  const little = [MICROSECONDS, NANOSECONDS].includes(pcap.readUInt32LE(0));
  const read = (at: number): number => (little ? pcap.readUInt32LE(at) : pcap.readUInt32BE(at));
  const magic = read(0);
  if (magic !== MICROSECONDS && magic !== NANOSECONDS) return [];
  const unitNs = magic === MICROSECONDS ? 1000n : 1n;
  const linkType = read(20) & 0xffff;
  const frames: CapturedFrame[] = [];
  for (let at = HEADER_BYTES; at + FRAME_HEADER_BYTES <= pcap.length; ) {
    const length = read(at + 8);
    const begin = at + FRAME_HEADER_BYTES;
    if (begin + length > pcap.length) break;
    frames.push({ wallNs: BigInt(read(at)) * 1_000_000_000n + BigInt(read(at + 4)) * unitNs, linkType, bytes: pcap.subarray(begin, begin + length) });
    at = begin + length;
  }
  return frames;
}
