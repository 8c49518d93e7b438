/**
 * What the rows of a TCP trace (model `tcp`) mean, simulated or measured. One host's side of a connection is the entity
 * `host:conn` (`client:c1`, `server:c1`); the listener is `server`. Times are nanoseconds from the scenario's start.
 */
export const TCP_MODEL = 'tcp';

/** The listening socket's entity. */
export const LISTENER_ENTITY = 'server';

/** The entity of one end of a connection. */
export function endpointEntity(host: TcpHost, conn: string): string {
  return `${host}:${conn}`;
}

export type TcpHost = 'client' | 'server';

export const TCP_KIND = {
  /** Entity `server`. Value: embryonic connections (SYN_RECV) that the listener now holds. */
  synQueue: 'syn-queue',
  /** Entity `server`. Value: finished handshakes that wait for accept(). */
  acceptQueue: 'accept-queue',
  /** Entity: the sender. Value: payload bytes. Detail: `SegmentDetail`. At the moment the sender put it on the wire. */
  segment: 'segment',
  /** Entity: the client's end. A SYN, or the handshake's last ACK, that came to nothing. Detail: `{ reason: SynDropReason }`. */
  synDropped: 'syn-dropped',
  /** Entity: the client's end. connect() succeeded. */
  connected: 'connected',
  /** Entity: the client's end. connect() failed. Detail: `{ error }`, an errno name. */
  connectFailed: 'connect-failed',
  /** Entity: the server's end. accept() returned this connection. Value: its descriptor number. */
  accepted: 'accepted',
  /** Entity `server`. Value: accepted sockets that are open. */
  descriptors: 'descriptors',
  /** Entity: the end whose state changed. Detail: `{ state }`, one of `TcpState`. */
  state: 'state',
  /** Entity: an end. Value: bytes written and not yet acknowledged (tx_queue of /proc/net/tcp). */
  sendQueue: 'send-queue',
  /** Entity: an end. Value: bytes that came in order and are not yet read (rx_queue of /proc/net/tcp). */
  receiveQueue: 'receive-queue',
  /** Entity: an end. Value: the receive window in bytes that it now offers. */
  window: 'window',
  /** Entity: an end. Value: congestion window in segments. Detail: `{ ssthresh, inFlight }` in segments; ssthresh null while unset. */
  cwnd: 'cwnd',
  /** Entity: the client's end. Value: nanoseconds from a request's first write to its response's last byte. */
  response: 'response',
  /** Entity: an end, or `server:conn` for a SYN-ACK. Value: nanoseconds until it fires. Detail: `{ timer: TcpTimer }`. */
  timerSet: 'timer-set',
  /** Entity as above. Detail: `{ timer: TcpTimer }`. */
  timerFired: 'timer-fired',
  /** Entity as above. Detail: `{ timer: TcpTimer }`. */
  timerCancelled: 'timer-cancelled',
  /** Entity: an end. Value: payload bytes that could go but wait. Detail: `{ by: HeldBy }`. */
  held: 'held',
  /** Entity: an end. What its program did or was told. Value: bytes where there are any. Detail: `{ event, error?, of? }` as in recordings. */
  event: 'event',
} as const;

/** Why a connection attempt came to nothing at the listener, or on the way to it. */
export type SynDropReason = 'accept-queue-full' | 'syn-queue-full' | 'lost';

/** `syn` and `synack` retransmit those; `retransmit` is the RTO; `probe` is the tail loss probe; `cork` sends what cork or Nagle held back with nothing in flight. */
export type TcpTimer = 'delayed-ack' | 'retransmit' | 'persist' | 'syn' | 'synack' | 'cork' | 'probe' | 'time-wait';

/** Why a segment that the windows would allow is not sent: Nagle's rule, TCP_CORK, or autocorking. */
export type HeldBy = 'nagle' | 'cork' | 'autocork';

export type TcpState =
  | 'CLOSE'
  | 'SYN_SENT'
  | 'SYN_RECV'
  | 'ESTABLISHED'
  | 'FIN_WAIT1'
  | 'FIN_WAIT2'
  | 'CLOSING'
  | 'CLOSE_WAIT'
  | 'LAST_ACK'
  | 'TIME_WAIT';

/**
 * Detail of a `segment` row. `flags`: letters of S F R P and `.` for ACK. `seq` and `ack` are relative (a SYN has 0, the first byte of data 1);
 * `ack` is 0 without the ACK flag. `win` is in bytes, scaling undone. `arriveNs` is when it reaches the other end, null where it never does;
 * `dropped` says why.
 */
export interface SegmentDetail {
  readonly flags: string;
  readonly seq: number;
  readonly ack: number;
  readonly len: number;
  readonly win: number;
  readonly arriveNs: number | null;
  readonly dropped: 'lost' | null;
}
