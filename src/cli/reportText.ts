import type { CheckResult, ExerciseReport } from '../shared/report.ts';
import { printable } from './printable.ts';

/** A report as a person reads it in a terminal; `path` stands where the learner's file is named. */
export function reportText(report: Omit<ExerciseReport, 'evidence'>, path: string): string {
  const head = `${report.lab}/${report.exercise}: ${report.verdict}, ${report.points} of ${report.of} points`;
  return printable([head, ...report.checks.flatMap((check) => checkText(check, path))].join('\n'), { lines: true });
}

function checkText({ id, title, outcome, failure }: CheckResult, path: string): string[] {
  const mark = { passed: '✓', failed: '✗', skipped: '–' }[outcome];
  if (!failure) return [`${mark} ${id}: ${title}`];
  const place = failure.location ? `${path}:${failure.location.line + 1}:${failure.location.column + 1}` : path;
  return [
    `${mark} ${id}: ${title}`,
    `    ${place}`,
    ...failure.steps.map((step, i) => `    ${i + 1}. ${step}`),
    `    ${failure.message.replaceAll('\n', '\n    ')}`,
    ...(failure.related ?? []).map((one) => `      ${path}:${one.location.line + 1}: ${one.message}`),
    ...(failure.expected === undefined ? [] : [`    expected ${failure.expected}`]),
    ...(failure.actual === undefined ? [] : [`    actual   ${failure.actual}`]),
    ...(failure.hint ? [`    hint: ${failure.hint.text}`] : []),
  ];
}
