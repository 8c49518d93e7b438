import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { learnerPath } from '../catalog/learnerFiles.ts';
import { gradeExercise } from '../grading/gradeExercise.ts';
import { HumanError } from '../shared/errors.ts';
import type { CheckResult, ExerciseReport } from '../shared/report.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { findLab, runnerHost } from './runnerHost.ts';

/** `grade LAB/EXERCISE [FILE]`: the verdict that the editor would give. */
export async function gradeCommand(context: CommandContext): Promise<CommandResult> {
  const [target = '', given] = context.positionals;
  const [labId, exerciseId] = target.split('/');
  const folder = await findLab(context, labId);
  const exercise = folder.exercises.find((candidate) => candidate.exercise.id === exerciseId);
  if (!exercise) throw new HumanError(`The lab ${folder.lab.id} has no exercise "${exerciseId ?? ''}": it has ${folder.lab.exercises.join(', ')}.`);
  const path = given ? resolve(given) : learnerPath(process.cwd(), exercise);
  const source = await readFile(path, 'utf8').catch(() => {
    throw new HumanError(`There is no file ${path} to grade: name one, as in backend-labs grade ${target} FILE.`);
  });
  const onProgress = (check: string): void => context.progress(check);
  const report = await gradeExercise({ exercise, source, path }, runnerHost(), { signal: context.signal, onProgress });
  if (report.verdict === 'our-fault' || report.verdict === 'cancelled') throw new HumanError(report.checks.find((check) => check.failure)?.failure?.message ?? 'The grading was stopped.');
  return { code: report.verdict === 'passed' ? 0 : 1, json: report, text: `${reportText(report, path)}\n` };
}

function reportText(report: ExerciseReport, path: string): string {
  const head = `${report.lab}/${report.exercise}: ${report.verdict}, ${report.points} of ${report.of} points`;
  return [head, ...report.checks.flatMap((check) => checkText(check, path))].join('\n');
}

function checkText({ id, title, outcome, failure }: CheckResult, path: string): string[] {
  const mark = { passed: '✓', failed: '✗', skipped: '–' }[outcome];
  if (!failure) return [`${mark} ${id}: ${title}`];
  const place = failure.location ? `${path}:${failure.location.line + 1}:${failure.location.column + 1}` : path;
  return [
    `${mark} ${id}: ${title}`,
    `    ${place}`,
    ...failure.steps.map((step, i) => `    ${i + 1}. ${step}`),
    `    ${failure.message}`,
    ...(failure.expected === undefined ? [] : [`    expected ${failure.expected}`]),
    ...(failure.actual === undefined ? [] : [`    actual   ${failure.actual}`]),
    ...(failure.hint ? [`    hint: ${failure.hint.text}`] : []),
  ];
}
