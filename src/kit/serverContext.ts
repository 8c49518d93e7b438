import type { Server } from 'node:net';

/** What a lab's server is handed. It is ready when it listens; the kit sees that by itself. */
export interface LabServerContext {
  readonly values: Readonly<Record<string, number>>;
  /** What to pass to listen(), with host 127.0.0.1: 0, so that the kernel picks a free port. */
  readonly port: number;
  /** Answers the experiment's `call(method, params)`. What it returns must survive JSON. */
  handle(method: string, handler: (params: unknown) => unknown): void;
  /** Remembers when each connection was accepted, its descriptor and when it was closed, for `recordAccepted`. */
  recordAccepts(server: Server): void;
}
