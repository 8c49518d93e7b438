import type { FromRunner } from '../shared/rpc.ts';
import type { CapExceeded } from './watchdog.ts';

/** What a job has to do with the world: its run, its host, and the end. */
export interface JobContext {
  readonly runId: string;
  readonly folder: string;
  /** Aborted when the host wants an end, or is gone. */
  readonly signal: AbortSignal;
  send(message: FromRunner): void;
  /** The cap that the run's programs went over, if they did; they have been ended then. */
  capExceeded(): CapExceeded | null;
}
