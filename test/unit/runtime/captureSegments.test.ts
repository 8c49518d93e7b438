import { describe, expect, it } from 'vitest';
import { segmentsOf } from '../../../src/runtime/captureSegments.ts';
import { framesIn } from '../../../src/runtime/pcap.ts';
import { tcpHeaderIn } from '../../../src/runtime/tcpFrame.ts';

const ETHERNET = 1;

/** A pcap file in nanoseconds, as tcpdump writes it on a little-endian machine, or in microseconds on a big-endian one. */
function pcap(frames: readonly { ns: bigint; bytes: Buffer }[], big = false): Buffer {
  const u32 = (value: number): Buffer => {
    const four = Buffer.alloc(4);
    if (big) four.writeUInt32BE(value);
    else four.writeUInt32LE(value);
    return four;
  };
  const header = Buffer.concat([u32(big ? 0xa1b2c3d4 : 0xa1b23c4d), u32(0), u32(0), u32(0), u32(160), u32(ETHERNET)]);
  const records = frames.map(({ ns, bytes }) => Buffer.concat([u32(Number(ns / 1_000_000_000n)), u32(Number((ns % 1_000_000_000n) / (big ? 1000n : 1n))), u32(bytes.length), u32(bytes.length), bytes]));
  return Buffer.concat([header, ...records]);
}

interface Tcp {
  readonly from: number;
  readonly to: number;
  readonly seq: number;
  readonly ack?: number;
  readonly bits: number;
  readonly window?: number;
  readonly options?: readonly number[];
  readonly len?: number;
}

/** A frame of which the capture kept the headers only. */
function frame({ from, to, seq, ack = 0, bits, window = 512, options = [], len = 0 }: Tcp): Buffer {
  const bytes = Buffer.alloc(14 + 20 + 20 + options.length);
  bytes.writeUInt16BE(0x0800, 12);
  bytes.writeUInt8(0x45, 14);
  bytes.writeUInt16BE(20 + 20 + options.length + len, 16);
  bytes.writeUInt8(6, 14 + 9);
  const tcp = bytes.subarray(34);
  tcp.writeUInt16BE(from, 0);
  tcp.writeUInt16BE(to, 2);
  tcp.writeUInt32BE(seq, 4);
  tcp.writeUInt32BE(ack, 8);
  tcp.writeUInt8(((20 + options.length) / 4) << 4, 12);
  tcp.writeUInt8(bits, 13);
  tcp.writeUInt16BE(window, 14);
  tcp.set(options, 20);
  return bytes;
}

const SYN = 2;
const PUSH = 8;
const ACK = 16;
/** MSS 1460, no operation, window scale 7. */
const SYN_OPTIONS = [2, 4, 5, 180, 1, 3, 3, 7];
const ISN = 0xffffffff;

describe('a pcap stream', () => {
  it.each([false, true])('is read in either byte order and unit (big-endian: %s)', (big) => {
    const bytes = frame({ from: 1, to: 2, seq: 3, bits: SYN });
    const [first, second, third] = framesIn(pcap([{ ns: 5_000_007_000n, bytes }, { ns: 6_000_000_000n, bytes }], big));
    expect(first).toEqual({ wallNs: 5_000_007_000n, linkType: ETHERNET, bytes });
    expect(second?.wallNs).toBe(6_000_000_000n);
    expect(third).toBeUndefined();
  });

  it('may end in the middle of a frame', () => {
    const whole = pcap([{ ns: 1n, bytes: frame({ from: 1, to: 2, seq: 3, bits: SYN }) }]);
    expect(framesIn(whole.subarray(0, whole.length - 1))).toEqual([]);
    expect(framesIn(whole.subarray(0, 10))).toEqual([]);
    expect(framesIn(Buffer.from('no pcap at all, and long enough'))).toEqual([]);
  });
});

describe('a frame', () => {
  it('tells of its segment, and how much payload it had', () => {
    expect(tcpHeaderIn(ETHERNET, frame({ from: 4000, to: 7000, seq: 9, ack: 8, bits: PUSH | ACK, len: 900 }))).toEqual({ sourcePort: 4000, destinationPort: 7000, flags: 'P.', seq: 9, ack: 8, window: 512, len: 900, windowScale: null });
    expect(tcpHeaderIn(ETHERNET, frame({ from: 1, to: 2, seq: 9, bits: SYN, options: SYN_OPTIONS }))).toMatchObject({ flags: 'S', windowScale: 7 });
  });

  it('that is no TCP over IPv4 is left out', () => {
    const ipv6 = frame({ from: 1, to: 2, seq: 3, bits: SYN });
    ipv6.writeUInt16BE(0x86dd, 12);
    const udp = frame({ from: 1, to: 2, seq: 3, bits: SYN });
    udp.writeUInt8(17, 23);
    for (const bytes of [ipv6, udp, Buffer.alloc(20)]) expect(tcpHeaderIn(ETHERNET, bytes)).toBeNull();
    expect(tcpHeaderIn(113, frame({ from: 1, to: 2, seq: 3, bits: SYN }))).toBeNull();
  });
});

describe('captured segments', () => {
  it('have relative numbers across the wrap, windows in bytes, and times of the monotonic clock', () => {
    const client = { from: 4000, to: 7000 };
    const server = { from: 7000, to: 4000 };
    const file = pcap([
      { ns: 1000n, bytes: frame({ ...client, seq: ISN, bits: SYN, window: 64_240, options: SYN_OPTIONS }) },
      { ns: 2000n, bytes: frame({ ...server, seq: 100, ack: 0, bits: SYN | ACK, window: 65_160, options: SYN_OPTIONS }) },
      { ns: 3000n, bytes: frame({ ...client, seq: 0, ack: 101, bits: ACK, window: 502 }) },
      { ns: 4000n, bytes: frame({ ...client, seq: 0, ack: 101, bits: PUSH | ACK, window: 502, len: 100 }) },
      { ns: 5000n, bytes: frame({ ...server, seq: 101, ack: 100, bits: ACK, window: 509 }) },
    ]);
    const seen = segmentsOf(file, 7000, -500n);
    expect(seen.map(({ atNs, from, clientPort }) => [atNs, from, clientPort])).toEqual([[500, 'client', 4000], [1500, 'server', 4000], [2500, 'client', 4000], [3500, 'client', 4000], [4500, 'server', 4000]]);
    expect(seen.map(({ detail }) => detail)).toEqual([
      { flags: 'S', seq: 0, ack: 0, len: 0, win: 64_240 },
      { flags: 'S.', seq: 0, ack: 1, len: 0, win: 65_160 },
      { flags: '.', seq: 1, ack: 1, len: 0, win: 502 * 128 },
      { flags: 'P.', seq: 1, ack: 1, len: 100, win: 502 * 128 },
      { flags: '.', seq: 1, ack: 101, len: 0, win: 509 * 128 },
    ]);
  });
});
