import { connect, type Socket } from 'node:net';
import { monotonicNs } from './monotonicNs.ts';
import { after } from './patience.ts';

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
  /** Null until its turn has come. */
  socket: Socket | null;
  startedNs: number;
  connectedNs: number | null;
  /** An errno name, `TIMEOUT`, or `CLOSED` where it was broken off. */
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

/** Starts clients towards 127.0.0.1, and tells of each once it is connected or has failed. */
export function connectClients(plan: ClientPlan, onSettled: (client: ConnectingClient) => void): ClientGroup {
  const clients: ConnectingClient[] = [];
  const waits: (() => void)[] = [];
  const ends: (() => void)[] = [];
  const settled: Promise<void>[] = [];
  const beganNs = monotonicNs();
  for (let i = 0; i < plan.count; i++) {
    const client: ConnectingClient = { id: `c${i + 1}`, socket: null, startedNs: 0, connectedNs: null, error: null, localPort: null };
    clients.push(client);
    settled.push(
      new Promise((resolve) => {
        const end = (error: string | null): void => {
          if (client.error !== null || client.connectedNs !== null) return;
          if (error === null) client.connectedNs = monotonicNs();
          else client.error = error;
          onSettled(client);
          resolve();
        };
        ends.push(() => end('CLOSED'));
        const start = (): void => startOne(client, plan, waits, end);
        // Timers count from now, not from the last one, so that a late one does not push the others back.
        if (plan.everyMs * i === 0) start();
        else waits.push(after(Math.max(0, plan.everyMs * i - (monotonicNs() - beganNs) / 1e6), start));
      }),
    );
  }
  const close = (): void => {
    for (const stopWaiting of waits) stopWaiting();
    for (const end of ends) end();
    for (const { socket } of clients) socket?.destroy();
  };
  return { clients, settled: Promise.all(settled).then(() => undefined), close };
}

function startOne(client: ConnectingClient, { port, timeoutMs }: ClientPlan, waits: (() => void)[], end: (error: string | null) => void): void {
  client.startedNs = monotonicNs();
  const socket = connect({ host: '127.0.0.1', port });
  client.socket = socket;
  const stopWaiting = after(timeoutMs, () => {
    end('TIMEOUT');
    socket.destroy();
  });
  waits.push(stopWaiting);
  socket.once('connect', () => {
    stopWaiting();
    client.localPort = socket.localPort ?? null;
    end(null);
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    stopWaiting();
    end(error.code ?? 'ERROR');
  });
}
