import type { CheckResult, ExerciseReport, Failure } from '../shared/report.ts';

/** What failed in a grading: each check that did, with its failure. */
export function failures(report: ExerciseReport): readonly { readonly check: CheckResult; readonly failure: Failure }[] {
  return report.checks.flatMap((check) => (check.failure ? [{ check, failure: check.failure }] : []));
}

/** The failure in a few lines: the sentence, then what was expected and what was seen. */
export function failureText({ message, expected, actual }: Failure): string {
  const lines = [message];
  if (expected !== undefined) lines.push(`expected: ${expected}`);
  if (actual !== undefined) lines.push(`seen: ${actual}`);
  return lines.join('\n');
}

/** The steps that led to a result, numbered, one a line. */
export function stepsText(steps: readonly string[]): string {
  return steps.map((step, i) => `${i + 1}. ${step}`).join('\n');
}

/** A failure in one short line for the end of a line of code. */
export function shortText(failure: Failure, longest = 120): string {
  const line = failure.message.split('\n')[0] ?? '';
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`;
}
