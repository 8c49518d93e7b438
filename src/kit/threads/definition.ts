/** Small programs of several threads over shared memory, which call the learner's functions: the default export of a `threads.ts`. */
export interface ThreadsDefinition {
  readonly defines: 'threads';
  readonly programs: Readonly<Record<string, ThreadProgram<never>>>;
}

/** `M`: what the learner's file exports. */
export interface ThreadProgram<M> {
  /** The shared arrays by name, as Int32Array, with what each cell holds at first. */
  readonly memory: Readonly<Record<string, readonly number[]>>;
  /** Functions that the learner's file has to export. */
  readonly calls: readonly (keyof M & string)[];
  /** What each thread does. */
  readonly threads: Readonly<Record<string, (t: ThreadContext<M>) => void>>;
  /** Holds memory, after all threads have ended, against what it should be: null, or a sentence and a hint's id. `rounds`: how often each thread did its part. */
  readonly end?: (memory: Readonly<Record<string, Int32Array>>, rounds: number) => { readonly message: string; readonly hint: string } | null;
}

/** What a thread of a program is handed. Each access to `memory` is a step, plain or by Atomics. */
export interface ThreadContext<M> {
  readonly name: string;
  /** From 1. */
  readonly number: number;
  readonly learner: M;
  readonly memory: Readonly<Record<string, Int32Array>>;
  /** Comes to ask for entrance to the region that only one may be in. */
  come(): void;
  /** Enters that region; the run ends where another is inside. */
  enter(): void;
  leave(): void;
  /** Takes and frees one of the kit's own locks, from 0 to 15. A lock that is not free is waited for. */
  lock(lock: number): void;
  unlock(lock: number): void;
  /** A step without any access to memory. */
  pause(what: string): void;
  /** Ends the run: what the learner's functions did is wrong. */
  fail(message: string, hint: string): never;
}

/** Defines the programs of an exercise or of an experiment. */
export function threads<M>(programs: Readonly<Record<string, ThreadProgram<M>>>): ThreadsDefinition {
  return { defines: 'threads', programs };
}

/** Whether a module's default export is made by `threads`. */
export function isThreads(value: unknown): value is ThreadsDefinition {
  return typeof value === 'object' && value !== null && 'defines' in value && value.defines === 'threads';
}
