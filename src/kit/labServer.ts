/** A server process that the kit started and can talk to, beside the connections it serves. */
export interface LabServer {
  readonly port: number;
  readonly pid: number;
  /** Asks a handler that `server.ts` registered with `lab.handle(method, …)`. Rejects with its error, or when the process ends. */
  call(method: string, params?: unknown): Promise<unknown>;
  /**
   * Makes the server's event loop busy for `milliseconds`. Resolves when the loop is about to be busy, with that moment
   * in nanoseconds on the monotonic clock; the loop answers nothing until the time is over.
   */
  blockLoop(milliseconds: number): Promise<number>;
  /** Stops the process and whatever it started. */
  stop(): Promise<void>;
}
