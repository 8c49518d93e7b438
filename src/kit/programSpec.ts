/** What a program's process is told on its command line. */
export interface ProgramSpec {
  /**
   * `plain`: a Node program of its own. `server`: a lab's `server.ts`, whose default export is a server definition. `threads`: a
   * module whose functions are called by threads of a lab's `threads.ts`, as the runner asks for it.
   */
  readonly kind: 'plain' | 'server' | 'threads';
  /** The stripped module. */
  readonly entry: string;
  /** What the engine calls that module: its own URL, or the one that its last line says. */
  readonly scriptUrl: string;
  /** Open an inspector and wait for a debugger before the program begins. */
  readonly debug: boolean;
  /** Where the kind is `threads`, the stripped `threads.ts`. */
  readonly threads?: string;
  readonly values: Readonly<Record<string, number>>;
  /** Count the statements of `entry`, so that the process can be killed between two of them. */
  readonly countStatements: boolean;
  /** Whether a learner's program may start processes of its own. */
  readonly mayStartProcesses: boolean;
  readonly runId: string;
  readonly folder: string;
}
