import type { FailureKind } from '../shared/report.ts';

/** What a value may be. Several fields mean all of them. */
export interface Expectation {
  readonly equals?: unknown;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly matches?: RegExp;
}

/** What a failure says beside expected and actual. */
export interface About {
  /** What the value is, as the start of a sentence: "clients that connected". */
  readonly what: string;
  /** Stands behind the numbers: "clients", "ms". */
  readonly unit?: string;
  /** One sentence that says what is wrong; made from `what`, expected and actual unless given. */
  readonly message?: string;
  /** `wrong-answer` unless given. `too-slow` is decided only on a machine that is fit to. */
  readonly kind?: Extract<FailureKind, 'wrong-answer' | 'too-slow' | 'leaked'>;
  /** Id of the hint, in exercise.json, that is meant for this failure. */
  readonly hint?: string;
  /** Where in the learner's file: the first match of the first pattern that matches. */
  readonly at?: RegExp | readonly RegExp[];
}
