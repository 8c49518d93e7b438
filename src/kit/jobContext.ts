import type { FromRunner } from '../shared/rpc.ts';

/** What a job has to do with the world: its run, its host, and the end. */
export interface JobContext {
  readonly runId: string;
  readonly folder: string;
  /** Aborted when the host wants an end, or is gone. */
  readonly signal: AbortSignal;
  send(message: FromRunner): void;
}
