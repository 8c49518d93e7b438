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
  /** SIGTERM, then SIGKILL after a grace; also what it started. Checks need not call it: the kit does at each check's end. */
  stop(): Promise<void>;
}
