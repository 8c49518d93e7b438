import type { TcpHost } from '../../shared/tcpTrace.ts';

/** A predicted or recorded run, in the form of the oracle's recordings: times in milliseconds, sizes in bytes. */
export interface Recording {
  readonly segments: RecordedSegment[];
  readonly events: RecordedEvent[];
  readonly samples: RecordedSample[];
  readonly counters: Partial<Record<TcpHost, Record<string, number>>>;
}

export interface RecordedSegment {
  readonly t_ms: number;
  readonly from: TcpHost;
  readonly conn: string;
  readonly flags: string;
  readonly seq: number;
  readonly ack: number;
  readonly len: number;
  readonly win: number;
  readonly options?: Readonly<Record<string, number | boolean>>;
  readonly dropped?: true;
}

export type EventKind = 'connected' | 'connect-failed' | 'accepted' | 'sent' | 'filled' | 'received' | 'response' | 'end-of-stream' | 'error' | 'no-such-socket';

export interface EventFields {
  readonly bytes?: number;
  readonly of?: number;
  readonly error?: string;
  readonly latencyNs?: number;
  readonly op?: string;
}

export interface RecordedEvent {
  readonly t_ms: number;
  readonly host: TcpHost;
  readonly conn: string;
  readonly event: EventKind;
  readonly bytes?: number;
  readonly of?: number;
  readonly error?: string;
  readonly latency_ms?: number;
  readonly op?: string;
}

export interface RecordedSample {
  readonly t_ms: number;
  readonly accept_queue: number;
  readonly server_states: Readonly<Record<string, number>>;
  readonly client_states: Readonly<Record<string, number>>;
  readonly sockets: Readonly<Record<string, { state: string; send_queue: number; receive_queue: number }>>;
}

/** Nanoseconds as milliseconds with three decimals. */
export function milliseconds(ns: number): number {
  return Math.round(ns / 1000) / 1000;
}
