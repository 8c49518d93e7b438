import type { Server, Socket } from 'node:net';
import { monotonicNs } from '../runtime/monotonicNs.ts';
import type { LabServerContext } from './serverContext.ts';

/** One connection that a lab's server accepted, at its own times on the monotonic clock. */
export interface AcceptedConnection {
  /** The client's port, by which the client is known. */
  readonly clientPort: number;
  readonly descriptor: number;
  readonly acceptedNs: number;
  closedNs: number | null;
}

/** The method by which the experiment fetches the accepted connections. */
export const ACCEPTED_METHOD = 'accepted-connections';

/** A lab's server's side of `call`. */
export class LabServerHandlers implements LabServerContext {
  readonly port = 0;
  readonly #handlers = new Map<string, (params: unknown) => unknown>();
  readonly #accepted: AcceptedConnection[] = [];

  constructor(readonly values: Readonly<Record<string, number>>) {
    this.handle(ACCEPTED_METHOD, () => this.#accepted);
  }

  handle(method: string, handler: (params: unknown) => unknown): void {
    this.#handlers.set(method, handler);
  }

  recordAccepts(server: Server): void {
    server.prependListener('connection', (socket: Socket & { _handle?: { fd?: number } | null }) => {
      const connection: AcceptedConnection = { clientPort: socket.remotePort ?? 0, descriptor: socket._handle?.fd ?? -1, acceptedNs: monotonicNs(), closedNs: null };
      this.#accepted.push(connection);
      socket.once('close', () => (connection.closedNs = monotonicNs()));
    });
  }

  /** Rejects where no such method was registered. */
  async call(method: string, params: unknown): Promise<unknown> {
    const handler = this.#handlers.get(method);
    if (!handler) throw new Error(`server.ts has no handler "${method}": register it with lab.handle("${method}", …).`);
    return handler(params);
  }
}
