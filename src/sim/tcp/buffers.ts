import { MAX_SKB_FRAGS } from './units.ts';

/** sizeof(struct sk_buff) and struct skb_shared_info, each rounded up to a cache line. */
const SK_BUFF = 256;
const SHARED_INFO = 320;
/** Headers of a TCP segment and of what may be put before it (MAX_TCP_HEADER). */
export const MAX_TCP_HEADER = 256;
/** The cache that small heads come from (SKB_SMALL_HEAD_CACHE_SIZE). */
const SMALL_HEAD = MAX_TCP_HEADER + SHARED_INFO;
/** NET_SKB_PAD: room that a driver leaves before a packet. */
const HEADROOM = 64;
const PAGE = 4096;

/** What a sender's buffer costs beside its payload (tcp_stream_alloc_skb: SKB_TRUESIZE of an empty one). */
export const SEND_OVERHEAD = SMALL_HEAD + SK_BUFF;

/** What kmalloc really gives for `bytes` (kmalloc_size_roundup): powers of two, above 8 KiB whole page orders, which are too. */
function kmallocSize(bytes: number): number {
  let size = 512;
  while (size < bytes) size *= 2;
  return Math.max(size, bytes > 2 * PAGE ? PAGE : 512);
}

/** Memory for a head of `bytes` (__alloc_skb, kmalloc_reserve). */
function headSize(bytes: number): number {
  const needed = Math.ceil(bytes / 64) * 64 + SHARED_INFO;
  return needed <= SMALL_HEAD ? SMALL_HEAD : kmallocSize(needed);
}

/** Larger packets have one page of head, with this much of the packet, and the rest in pages (tun_alloc_skb, SKB_MAX_HEAD). */
const PAGED_HEAD = PAGE - SHARED_INFO - HEADROOM;
const isPaged = (packetBytes: number) => HEADROOM + packetBytes >= PAGE;

/**
 * truesize of a packet that came over a wire: what the receive buffer is charged for it, several times the payload of a small
 * one. Seen in window-16k-never-read: 14 full segments, 2304 bytes each, fill 32 768.
 */
export function receivedTruesize(packetBytes: number): number {
  if (isPaged(packetBytes)) return PAGE + SK_BUFF + Math.ceil((packetBytes - PAGED_HEAD) / PAGE) * PAGE;
  return headSize(HEADROOM + packetBytes) + SK_BUFF;
}

/** Bytes that fit behind a received packet in its head: a small successor is copied there at no cost (skb_try_coalesce). */
export function receivedTailroom(packetBytes: number): number {
  return isPaged(packetBytes) ? 0 : headSize(HEADROOM + packetBytes) - SHARED_INFO - HEADROOM - packetBytes;
}

/** Payload that one page holds beside its bookkeeping (SKB_MAX_ORDER(0, 0)). */
export const PAGE_ROOM = PAGE - SHARED_INFO;

/** truesize of a buffer made to hold `bytes` and nothing else, as collapsing makes them. */
export function plainTruesize(bytes: number): number {
  return headSize(bytes) + SK_BUFF;
}

export const SACKED = 1;
export const RETRANS = 2;
export const LOST = 4;
export const EVER_RETRANS = 8;
export const RETRANS_ANY = RETRANS | EVER_RETRANS;

/** A piece of the stream in a sender's queues: struct sk_buff with its tcp_skb_cb. */
export interface SendBuffer {
  seq: number;
  endSeq: number;
  len: number;
  flags: number;
  /** Bits SACKED, RETRANS, LOST, EVER_RETRANS. */
  marks: number;
  truesize: number;
  /** When it was last sent, microseconds. */
  sentUs: number;
  /** Segments it makes at gsoSize. */
  segments: number;
  gsoSize: number;
  /** tp->delivered when it was sent (rate sampling). */
  deliveredAtSend: number;
  /** Shared with what travels on loopback until acknowledged. */
  share: { freed: boolean };
}

export function sendBuffer(seq: number, flags: number): SendBuffer {
  return { seq, endSeq: seq, len: 0, flags, marks: 0, truesize: SEND_OVERHEAD, sentUs: 0, segments: 1, gsoSize: 0, deliveredAtSend: 0, share: { freed: false } };
}

/** A piece of the stream in a receiver's queues. */
export interface ReceiveBuffer {
  seq: number;
  endSeq: number;
  len: number;
  fin: boolean;
  truesize: number;
  tailroom: number;
  /** Pieces of pages it holds; 0 where its payload lies in its head. */
  frags: number;
  /** Its data is shared with others until this says it is not: nothing can be appended. */
  shared: () => boolean;
}

/** How much more memory `to` takes with `from` appended (skb_try_coalesce), or -1 where they stay apart. */
export function coalesce(to: ReceiveBuffer, from: ReceiveBuffer): number {
  if (to.shared()) return -1;
  const room = to.frags > 0 ? 0 : to.tailroom;
  if (from.len <= room) {
    to.tailroom -= from.len;
    return 0;
  }
  if (from.frags === 0 || to.frags + from.frags > MAX_SKB_FRAGS) return -1;
  to.frags += from.frags;
  return from.truesize - SEND_OVERHEAD;
}
