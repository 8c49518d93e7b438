import type { CheckResult } from '../shared/report.ts';
import type { AllGraded, GradedFile } from './gradeAll.ts';
import { escaped } from './markup.ts';

/**
 * Gradings as JUnit XML, in the form that CI services read: a suite an exercise, a test case a check. What is not the
 * learner's fault is an error, an exercise without a file is skipped; points are properties of their suite.
 */
export function junitXml({ exercises, notStarted, points, of, learner }: AllGraded): string {
  const checks = exercises.flatMap((exercise) => exercise.checks.map((check) => outcomeOf(check)));
  const suites = [...exercises.map(suiteOf), ...notStarted.map(({ lab, exercise, of: worth }) => skippedSuite(lab, exercise, worth))];
  const all = { ...counts(checks), tests: checks.length + notStarted.length, skipped: counts(checks).skipped + notStarted.length };
  const time = seconds(exercises.reduce((sum, { durationMs }) => sum + durationMs, 0));
  const name = learner === null ? 'Backend Labs' : `Backend Labs: ${learner}`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name, ...all, time })}>`,
    ...suites,
    `<!-- ${points} of ${of} points -->`,
    '</testsuites>',
    '',
  ].join('\n');
}

type Outcome = 'passed' | 'failed' | 'error' | 'skipped';

function outcomeOf({ outcome, failure }: CheckResult): Outcome {
  if (outcome !== 'failed') return outcome;
  return failure?.kind === 'our-fault' || failure?.kind === 'unfit-machine' ? 'error' : 'failed';
}

function counts(outcomes: readonly Outcome[]): { tests: number; failures: number; errors: number; skipped: number } {
  const count = (wanted: Outcome): number => outcomes.filter((outcome) => outcome === wanted).length;
  return { tests: outcomes.length, failures: count('failed'), errors: count('error'), skipped: count('skipped') };
}

function suiteOf(graded: GradedFile): string {
  const { lab, exercise, checks, durationMs, seed, points, of, verdict, output } = graded;
  const properties = { verdict, points, of, seed, ...Object.fromEntries(checks.map((check) => [`points.${check.id}`, `${check.outcome === 'passed' ? check.points : 0}/${check.points}`])) };
  return [
    `<testsuite${attributes({ name: `${lab}/${exercise}`, ...counts(checks.map(outcomeOf)), time: seconds(durationMs) })}>`,
    `<properties>${Object.entries(properties).map(([name, value]) => `<property${attributes({ name, value })}/>`).join('')}</properties>`,
    ...checks.map((check) => caseOf(check, graded)),
    ...(output === '' ? [] : [`<system-out>${escaped(output)}</system-out>`]),
    '</testsuite>',
  ].join('\n');
}

function caseOf(check: CheckResult, { lab, exercise, file }: GradedFile): string {
  const { id, title, durationMs, failure } = check;
  const place = failure?.location ? attributes({ line: failure.location.line + 1 }) : '';
  const open = `<testcase${attributes({ name: `${id}: ${title}`, classname: `${lab}.${exercise}`, time: seconds(durationMs), file })}${place}`;
  const outcome = outcomeOf(check);
  if (outcome === 'passed') return `${open}/>`;
  if (outcome === 'skipped') return `${open}><skipped/></testcase>`;
  const tag = outcome === 'error' ? 'error' : 'failure';
  return `${open}><${tag}${attributes({ message: failure?.message ?? '', type: failure?.kind ?? '' })}>${escaped(told(check, file))}</${tag}></testcase>`;
}

/** The whole failure as text: place, steps, what was expected and seen, the hint. */
function told({ failure }: CheckResult, file: string): string {
  if (!failure) return '';
  const { location, steps, message, expected, actual, hint, stack } = failure;
  return [
    location ? `${file}:${location.line + 1}:${location.column + 1}` : file,
    ...steps.map((step, i) => `${i + 1}. ${step}`),
    message,
    ...(expected === undefined ? [] : [`expected: ${expected}`]),
    ...(actual === undefined ? [] : [`actual:   ${actual}`]),
    ...(hint ? [`hint: ${hint.text}`] : []),
    ...(stack === undefined ? [] : [stack]),
  ].join('\n');
}

function skippedSuite(lab: string, exercise: string, of: number): string {
  return [
    `<testsuite${attributes({ name: `${lab}/${exercise}`, tests: 1, failures: 0, errors: 0, skipped: 1, time: '0' })}>`,
    `<properties><property${attributes({ name: 'points', value: 0 })}/><property${attributes({ name: 'of', value: of })}/></properties>`,
    `<testcase${attributes({ name: 'not started', classname: `${lab}.${exercise}` })}><skipped message="There is no file of this exercise."/></testcase>`,
    '</testsuite>',
  ].join('\n');
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values).map(([name, value]) => ` ${name}="${escaped(String(value)).replaceAll('\n', '&#10;')}"`).join('');
}
