import type { Need } from './lab.ts';
import type { Failure, Machine } from './report.ts';
import type { Trace } from './trace.ts';

/**
 * What crosses between a host (the extension, the command line) and a runner, as JSON over the runner's IPC channel; and
 * between a runner and a program that it started, as JSON lines over a pipe. One runner does one job and ends.
 */

/** Host to runner, once. */
export interface RunnerTask {
  readonly folder: string;
  readonly job: RunnerJob;
}

export type RunnerJob = ExperimentJob | ServeJob | CheckJob;

/** Runs a lab's `experiment.ts`. */
export interface ExperimentJob {
  readonly type: 'experiment';
  readonly labDir: string;
  readonly values: Readonly<Record<string, number>>;
  readonly machine: Machine;
  /** The lab's scenario with the values in their places, and its parts. */
  readonly scenario: Readonly<Record<string, unknown>>;
  readonly parts: Parts;
  /** The private link that the runner was started on. The machine is then read anew: its settings are the namespace's own. */
  readonly link: PrivateLink | null;
}

/** A loopback device of a network namespace of its own, which behaves as a wire of this MTU. */
export interface PrivateLink {
  readonly mtu: number;
}

/** A lab's parts: id → scenario. */
export type Parts = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What a run recorded. */
export interface ExperimentRecord {
  readonly trace: Trace;
  /** The trace of each part that ran. */
  readonly parts: Readonly<Record<string, Trace>>;
  /** What it found out of this machine that its prediction needs: JSON pointer into the scenario → value. */
  readonly found: Readonly<Record<string, number>>;
  /** What this machine could not do, a sentence each. */
  readonly notes: readonly string[];
  /** The longest that other work on this machine kept the measuring process from its own loop: what it measured may be late by that. */
  readonly heldUpMs: number;
  /** The settings that were in force where it ran. */
  readonly machine: Machine;
  /** What the run lacked, and why. */
  readonly lacks: Lacks;
}

/** What a run lacked → a sentence that says why. */
export type Lacks = Partial<Readonly<Record<Need, string>>>;

/** Keeps a lab's `server.ts` up until the runner is ended. */
export interface ServeJob {
  readonly type: 'serve';
  readonly labDir: string;
  readonly values: Readonly<Record<string, number>>;
}

/** Runs an exercise's `check.ts` against a learner's source. */
export interface CheckJob {
  readonly type: 'check';
  readonly labDir: string;
  /** The exercise's `check.ts`. */
  readonly checkPath: string;
  readonly source: string;
  /** The learner's file's name, for messages. */
  readonly fileName: string;
  readonly seed: number;
  /** Whether the learner's program may start processes; where Node can, it is else kept from it. */
  readonly mayStartProcesses: boolean;
  /** From the start of the first check; what runs then fails as hung. */
  readonly timeLimitMs: number;
  /** Where a debugger is to be attached: the path of the learner's file, which its breakpoints name. No time limit holds then. Null otherwise. */
  readonly debugAs: string | null;
  /** The checks that exercise.json names; one that `check.ts` does not define is our fault. */
  readonly checks: readonly string[];
}

/** A program that waits for a debugger. */
export interface DebugTarget {
  readonly pid: number;
  /** Of its inspector, on 127.0.0.1. */
  readonly port: number;
}

/** What one check came to, before the catalog's titles and hint texts are put to it. */
export interface CheckOutcome {
  readonly id: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly durationMs: number;
  readonly steps: readonly string[];
  readonly failure?: Omit<Failure, 'steps' | 'hint'> & { readonly hint?: string };
}

export type FromRunner =
  | { readonly type: 'progress'; readonly message: string; readonly fraction: number | null }
  | { readonly type: 'experiment-done'; readonly record: ExperimentRecord }
  | { readonly type: 'serving'; readonly port: number; readonly pid: number }
  | { readonly type: 'check-started'; readonly id: string }
  /** The learner's program waits for a debugger, at this port of 127.0.0.1. */
  | ({ readonly type: 'debuggable' } & DebugTarget)
  /** A program that was debuggable has ended. */
  | { readonly type: 'debugged'; readonly pid: number }
  | { readonly type: 'check-done'; readonly outcome: CheckOutcome }
  | { readonly type: 'checks-done'; readonly output: string; readonly evidence: Trace | null }
  /** The job cannot go on. `human`: the message is a sentence for the person at the keyboard; else it is a bug, with its stack. */
  | { readonly type: 'failed'; readonly message: string; readonly human: boolean; readonly stack: string };

/** Runner to the program it started, on the pipe. */
export type ToProgram =
  /** Is the main thread's loop alive, and where is it if not? Answered by the watchdog thread with `whereabouts`. */
  | { readonly type: 'where'; readonly id: number; readonly patienceMs: number }
  | { readonly type: 'call'; readonly id: number; readonly method: string; readonly params: unknown };

/** A place in a program's own file; line and column count from 0. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly functionName: string;
}

/** What a program's runner says of it on the pipe. */
export type FromProgram =
  /** It is no program of its own and waits for calls. */
  | { readonly type: 'ready' }
  /** Its module has run to its end, and so has every `await` at its top level. */
  | { readonly type: 'loaded' }
  | { readonly type: 'listening'; readonly port: number; readonly address: string }
  /** It listens on something that has no port: a Unix socket, a named pipe. */
  | { readonly type: 'listening-elsewhere'; readonly path: string }
  | { readonly type: 'listen-failed'; readonly code: string; readonly port: number | null }
  | { readonly type: 'crashed'; readonly message: string; readonly stack: string }
  /** It is killed in the next moment, as it was told to be, before the statement that begins here. */
  | { readonly type: 'killed-before'; readonly line: number; readonly column: number }
  | { readonly type: 'exiting'; readonly code: number; readonly stack: string }
  /** It waits for a debugger at this port of 127.0.0.1. */
  | { readonly type: 'inspecting'; readonly port: number }
  /** A debugger holds it, or has let it go on. */
  | { readonly type: 'held' }
  | { readonly type: 'released' }
  | { readonly type: 'whereabouts'; readonly id: number; readonly responsive: boolean; readonly place: Place | null }
  | { readonly type: 'answered'; readonly id: number; readonly result: unknown; readonly atNs: number }
  | { readonly type: 'refused'; readonly id: number; readonly message: string };
