import type { OpenSockets } from './openSockets.ts';
import type { CrashedWorker, WorkerLife } from './programWorkers.ts';

/** How a program ended. */
export interface ProgramEnding {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The statement before which it was killed, counting from 0; null where it was not. */
  readonly before: { readonly line: number; readonly column: number } | null;
}

/** The learner's program while it runs: a plain Node program in a process of its own. */
export interface Program {
  readonly port: number;
  readonly pid: number;
  /** The end of what it printed, both streams in the order they came. */
  output(): string;
  /** Makes its event loop busy for `milliseconds`, as a long computation would. Resolves when the loop is about to be busy. */
  blockLoop(milliseconds: number): Promise<number>;
  /** Open file descriptors; null where the system does not say (outside Linux). */
  descriptors(): number | null;
  /** Resident memory in bytes; null where the system does not say. */
  residentBytes(): number | null;
  /** What the kernel holds at its listening socket; null where the system does not say. */
  queue(): { readonly acceptQueue: number; readonly synQueue: number } | null;
  /** Whether it still runs. */
  readonly running: boolean;
  /** How many of its own statements and calls, on its main thread, have begun since it was started with `countStatements`. */
  statements(): Promise<number>;
  /**
   * Ends it by SIGKILL just before the `n`-th of its own statements or calls from now on (n ≥ 1). Count first
   * what a request takes, then choose with `t.random`. Needs `countStatements`.
   */
  killBeforeStatement(n: number): Promise<void>;
  /** SIGKILL, now. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Waits for its end, and rejects where that does not come within `timeoutMs`. */
  ended(timeoutMs?: number): Promise<ProgramEnding>;
  /** Its living workers: threads and child processes. */
  workers(): Promise<number>;
  /** Every child process that it has started, in order, with when each began and ended by its own clock: how it replaces those that die. */
  workerLives(): Promise<readonly WorkerLife[]>;
  /** What its connections have read, and what waits in it to be sent. */
  openSockets(): Promise<OpenSockets>;
  /** Ends one of its workers, which the seed chooses, as a crash would; null where it has none. */
  crashWorker(): Promise<CrashedWorker | null>;
  /** SIGTERM, then SIGKILL after a grace; also what it started. Checks need not call it: the kit does at each check's end. */
  stop(): Promise<void>;
}
