import type { Trace } from './trace.ts';

/** What a check can come to besides passing; each gets its own sentence. */
export type FailureKind =
  | 'syntax'
  | 'did-not-listen'
  | 'crashed'
  | 'hung'
  | 'wrong-answer'
  | 'too-slow'
  | 'leaked'
  | 'unfit-machine'
  | 'our-fault';

/** A range in the learner's file; lines and columns count from 0, as in VS Code. */
export interface Location {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface Failure {
  readonly kind: FailureKind;
  /** One sentence: what is wrong. */
  readonly message: string;
  /** What was done, step by step, up to the failure. */
  readonly steps: readonly string[];
  readonly expected?: string;
  readonly actual?: string;
  readonly location?: Location;
  readonly related?: readonly { readonly location: Location; readonly message: string }[];
  /** The hint meant for this failure: its id in exercise.json, and its text. */
  readonly hint?: { readonly id: string; readonly text: string };
  /** Where it is a crash: the learner's part of the stack. */
  readonly stack?: string;
}

export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly points: number;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly durationMs: number;
  /** The steps taken, also of a check that passed. */
  readonly steps: readonly string[];
  readonly failure?: Failure;
}

/** What grading an exercise came to. */
export interface ExerciseReport {
  readonly version: 1;
  readonly lab: string;
  readonly exercise: string;
  readonly verdict: 'passed' | 'failed' | 'unfit-machine' | 'our-fault' | 'cancelled';
  readonly points: number;
  readonly of: number;
  readonly durationMs: number;
  readonly seed: number;
  readonly checks: readonly CheckResult[];
  /** What the learner's program printed, its end where it was long. */
  readonly output: string;
  /** What the failing run's kernel and sockets did, for the panel to play. */
  readonly evidence?: Trace;
}

/** One row of the table of predicted and measured. */
export interface Comparison {
  readonly quantity: string;
  readonly label: string;
  readonly unit: string;
  readonly predicted: number | null;
  /** null where this machine cannot give it; `why` says so. */
  readonly measured: number | null;
  /** measured − predicted. */
  readonly error: number | null;
  /** The largest absolute error that counts as agreement, in the quantity's unit. */
  readonly tolerance: number;
  /** `unfit-machine`: it differs, but no more than other work on the machine explains. */
  readonly outcome: 'agrees' | 'differs' | 'unfit-machine' | 'not-available';
  readonly why: string;
  /** The wrong model that this row would expose, and what that model predicts. */
  readonly wrongModel?: { readonly name: string; readonly predicted: number | null; readonly exposed: boolean };
}

/** A lab's real run beside its prediction. */
export interface LabRun {
  readonly version: 1;
  readonly lab: string;
  readonly values: Readonly<Record<string, number>>;
  readonly machine: Machine;
  readonly predicted: Trace;
  readonly measured: Trace;
  readonly comparisons: readonly Comparison[];
  /** What this machine cannot do, a sentence each. */
  readonly notes: readonly string[];
}

/** Where a run was: the kernel that was measured and its settings that a prediction reads. */
export interface Machine {
  readonly platform: string;
  readonly release: string;
  readonly cores: number;
  readonly node: string;
  /** Length of a jiffy in milliseconds, 1000 / HZ. */
  readonly jiffyMs: number;
  /** Sysctls by their name without `net.ipv4.` and `net.core.`; empty where there is no /proc/sys. */
  readonly kernel: Readonly<Record<string, number | string>>;
}
