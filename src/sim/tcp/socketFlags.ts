/** tp->nonagle: TCP_NAGLE_OFF, TCP_NAGLE_CORK, TCP_NAGLE_PUSH. */
export const NAGLE_OFF = 1;
export const NAGLE_CORK = 2;
export const NAGLE_PUSH = 4;

/** icsk_ack.pending. */
export const ACK_SCHEDULED = 1;
export const ACK_TIMER = 2;
export const ACK_PUSHED = 4;
export const ACK_PUSHED2 = 8;
export const ACK_NOW = 16;
export const ACK_NO_MEMORY = 32;

export const SHUT_RECEIVE = 1;
export const SHUT_SEND = 2;

/** What epoll tells of a socket. */
export const READABLE = 1;
export const WRITABLE = 4;
export const HUNG_UP = 16;
export const FAILED = 8;

/** What the one retransmission timer is armed for (icsk_pending). */
export type PendingTimer = 'retransmit' | 'probe' | 'reorder' | 'persist' | undefined;
