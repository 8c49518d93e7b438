import type { Socket } from 'node:net';

/** How clients connect. */
export interface ClientPlan {
  readonly port: number;
  readonly count: number;
  /** Between one client's connect() and the next one's; 0 makes a burst. */
  readonly everyMs: number;
  /** A connect() that takes longer is given up as `TIMEOUT`. */
  readonly timeoutMs: number;
}

/** One client's connection attempt. Times are nanoseconds on the monotonic clock. */
export interface ConnectingClient {
  /** `c1`, `c2`, … in the order of their start. */
  readonly id: string;
  readonly socket: Socket;
  startedNs: number;
  connectedNs: number | null;
  /** An errno name, or `TIMEOUT`. */
  error: string | null;
  /** Known once connected. */
  localPort: number | null;
}

export interface ClientGroup {
  readonly clients: readonly ConnectingClient[];
  /** Resolves when each client is connected or has failed. */
  readonly settled: Promise<void>;
  /** Breaks off all connections and attempts. */
  close(): void;
}
