import type { SynDropReason, TcpHost } from '../../src/shared/tcpTrace.ts';

/** What the accept-queue diagram shows at one moment: the fold of a trace's rows up to it. */
export interface Frame {
  readonly timeNs: number;
  /** How many rows have happened. */
  readonly row: number;
  /** In the order of the trace's entities. */
  readonly conns: readonly ConnFrame[];
  readonly synQueue: number;
  readonly acceptQueue: number;
  readonly descriptors: number;
  readonly dropped: Readonly<Record<SynDropReason, number>>;
  /** Segments under way, and those of the newest event. */
  readonly flights: readonly Flight[];
  /** Those turned away in the newest event. */
  readonly fallen: readonly Drop[];
  /** The last of all those turned away, the newest ones too. */
  readonly pile: readonly Drop[];
}

/** A SYN, or a handshake's last ACK, that came to nothing at the listener. */
export interface Drop {
  /** The row that says so: its identity. */
  readonly row: number;
  /** Null where a counter tells of it and not whose it was. */
  readonly conn: string | null;
  readonly reason: SynDropReason;
}

/** How many of those turned away keep a body in the tray; the others are in its count. */
export const PILE = 8;

export interface ConnFrame {
  readonly id: string;
  /** What the client's program knows of it. */
  readonly client: 'not-started' | 'connecting' | 'connected' | 'failed';
  /** Where it is on the server, as far as the trace tells. */
  readonly server: ServerPlace;
  /** When it came to that place, nanoseconds. */
  readonly sinceNs: number;
  /** Its rank among those that came to the same place: a queue's order. */
  readonly order: number;
  /** Its last SYN, or its handshake's last ACK, was turned away and nothing has come of it since. */
  readonly refused: boolean;
  readonly descriptor: number | null;
  /** How many SYNs the client has sent. */
  readonly syns: number;
  readonly startedNs: number | null;
  readonly connectedNs: number | null;
  /** An errno name, where connect() failed. */
  readonly error: string | null;
}
/** Its program was told that it is connected, and the server has dropped the ACK that should have made it so. */
export function isDeceived({ client, server, refused }: ConnFrame): boolean {
  return client === 'connected' && refused && (server === 'none' || server === 'half-open');
}

export type ServerPlace = 'none' | 'half-open' | 'queued' | 'accepted' | 'closed';

export interface Flight {
  /** The row that sent it: its identity. */
  readonly row: number;
  readonly conn: string;
  readonly from: TcpHost;
  readonly label: string;
  readonly sentNs: number;
  /** Null where it is lost on the way. */
  readonly arriveNs: number | null;
}

/** How long a lost segment stays in the picture, in nanoseconds. */
export const LOST_STAYS_NS = 20e6;

/** A segment's name by its flags, as the handshake's story tells it: SYN, SYN/ACK, ACK, FIN, RST, or its bytes of data. */
export function segmentName(flags: string, lengthBytes: number): string {
  if (flags.includes('R')) return 'RST';
  if (flags.includes('S')) return flags.includes('.') ? 'SYN/ACK' : 'SYN';
  if (flags.includes('F')) return 'FIN';
  return lengthBytes > 0 ? `${lengthBytes} B` : 'ACK';
}
