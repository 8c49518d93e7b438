/** What an ACK turned out to be (the FLAG_ bits of tcp_input.c). */
export const DATA = 0x01;
export const WIN_UPDATE = 0x02;
export const DATA_ACKED = 0x04;
export const RETRANS_DATA_ACKED = 0x08;
export const SYN_ACKED = 0x10;
export const DATA_SACKED = 0x20;
export const LOST_RETRANS = 0x80;
export const SLOW_PATH = 0x100;
export const ORIG_SACK_ACKED = 0x200;
export const UNA_ADVANCED = 0x400;
export const DSACKING = 0x800;
export const SET_TIMER = 0x1000;
export const RENEGING = 0x2000;
export const UPDATE_TS_RECENT = 0x4000;
export const NO_CHALLENGE = 0x8000;
export const ACK_MAYBE_DELAYED = 0x10000;
export const DSACK_TLP = 0x20000;

export const ACKED = DATA_ACKED | SYN_ACKED;
export const NOT_DUP = DATA | WIN_UPDATE | ACKED;
export const FORWARD_PROGRESS = ACKED | DATA_SACKED;

/** What is gathered while one ACK is worked on. */
export interface AckState {
  flags: number;
  /** Lowest original segment that a SACK newly covers, to notice reordering. */
  reord: number;
  firstSackedUs: number;
  lastSackedUs: number;
  sackDelivered: number;
  /** tp->delivered when the latest delivered segment was sent; 0 for none. */
  priorDelivered: number;
  priorSentUs: number;
}

export function ackState(flags: number): AckState {
  return { flags, reord: Infinity, firstSackedUs: 0, lastSackedUs: 0, sackDelivered: 0, priorDelivered: 0, priorSentUs: -1 };
}
