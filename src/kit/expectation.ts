import { isDeepStrictEqual } from 'node:util';
import type { FailureKind } from '../shared/report.ts';
import { clientWords } from './clientWords.ts';

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

export interface Judgement {
  readonly met: boolean;
  /** In words, with the unit: "at least 100 clients". */
  readonly expected: string;
  readonly actual: string;
}

/** Holds a value against an expectation. */
export function judge(actual: unknown, expectation: Expectation, unit = ''): Judgement {
  const number = typeof actual === 'number' ? actual : Number.NaN;
  const rules: { met: boolean; text: string }[] = [];
  const { atLeast, atMost, matches } = expectation;
  if ('equals' in expectation) rules.push({ met: isDeepStrictEqual(actual, expectation.equals), text: show(expectation.equals, unit) });
  if (atLeast !== undefined) rules.push({ met: number >= atLeast, text: `at least ${show(atLeast, unit)}` });
  if (atMost !== undefined) rules.push({ met: number <= atMost, text: `at most ${show(atMost, unit)}` });
  if (matches !== undefined) rules.push({ met: typeof actual === 'string' && matches.test(actual), text: `text that matches ${String(matches)}` });
  return { met: rules.every(({ met }) => met), expected: rules.map(({ text }) => text).join(' and '), actual: show(actual, unit) };
}

/** By how much a limit was missed, as a sentence behind another; nothing where there is no limit. */
export function marginText(actual: number, atMost: number | undefined, unit = ''): string {
  if (atMost === undefined || !Number.isFinite(actual)) return '';
  return ` That is ${show(actual - atMost, unit)}${atMost > 0 ? `, or ${Math.round((100 * (actual - atMost)) / atMost)} %,` : ''} too much.`;
}

/** A value as a person reads it: numbers to three digits behind the point, text in quotes, with its end cut off where it is long. */
function show(value: unknown, unit: string): string {
  const suffix = unit === '' ? '' : ` ${unit}`;
  if (typeof value === 'number') return `${Math.round(value * 1000) / 1000}${suffix}`;
  const words = typeof value === 'string' ? clientWords(value) : undefined;
  if (words !== undefined) return `"${String(value)}" (${words})`;
  const text = typeof value === 'string' ? `"${value}"` : (JSON.stringify(value) ?? String(value));
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
