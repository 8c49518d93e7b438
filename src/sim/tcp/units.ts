/** Constants of the kernel that this simulates (Linux 6.18, CONFIG_HZ=250, 64-bit, 4 KiB pages). Sources: include/net/tcp.h, net/sock.h. */

export const HZ = 250;
export const JIFFY_NS = 1_000_000_000 / HZ;
export const JIFFY_US = JIFFY_NS / 1000;
export const MS_NS = 1_000_000;

/** Jiffies. */
export const TCP_DELACK_MAX = HZ / 5;
export const TCP_DELACK_MIN = HZ / 25;
export const TCP_ATO_MIN = HZ / 25;
export const TCP_RTO_MIN = HZ / 5;
export const TCP_TIMEOUT_INIT = 1 * HZ;
export const TCP_TIMEOUT_MIN = 2;
export const TCP_TIMEWAIT_LEN = 60 * HZ;

export const TCP_TIMEOUT_MIN_US = 2000;
export const TCP_INIT_CWND = 10;
export const TCP_INFINITE_SSTHRESH = 0x7fff_ffff;
export const TCP_MAX_QUICKACKS = 16;
export const TCP_FASTRETRANS_THRESH = 3;
export const TCP_MSS_DEFAULT = 536;
export const TCP_MIN_MSS = 88;
export const TCP_MIN_SND_MSS = 48;
/** ip_rt_min_advmss. */
export const MIN_ADVMSS = 256;
export const TCP_NUM_SACKS = 4;
export const MAX_SKB_FRAGS = 17;
export const MAX_WINDOW_SCALE = 14;

export const IP_HEADER = 20;
export const TCP_HEADER = 20;
export const TIMESTAMP_OPTION = 12;

/** Two jiffies per interval in which ACKs to invalid segments are limited (tcp_invalid_ratelimit, 500 ms). */
export const INVALID_RATELIMIT = HZ / 2;

/** The kernel's usecs_to_jiffies: rounds up. */
export function jiffiesFromUs(us: number): number {
  return Math.ceil(us / JIFFY_US);
}

export function jiffiesFromMs(ms: number): number {
  return Math.ceil((ms * HZ) / 1000);
}

/** Rounds up to a multiple of a power of two. */
export function align(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}

export function roundDown(value: number, unit: number): number {
  return Math.floor(value / unit) * unit;
}
