import { resolve } from 'node:path';
import { learnerPath, readLearnerFile } from '../catalog/learnerFiles.ts';
import { gradeExercise } from '../grading/gradeExercise.ts';
import { HumanError } from '../shared/errors.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { gradeAllCommand } from './gradeAll.ts';
import { findLab, runnerHost } from './runnerHost.ts';
import { reportText } from './reportText.ts';

const CODES = { passed: 0, failed: 1, 'unfit-machine': 2 } as const;

/** `grade LAB/EXERCISE [FILE]`: the verdict that the editor would give; `grade --all [DIR]`: of every exercise in a folder. */
export async function gradeCommand(context: CommandContext): Promise<CommandResult> {
  if (context.all) return gradeAllCommand(context);
  const [target = '', given] = context.positionals;
  const [labId, exerciseId] = target.split('/');
  const folder = await findLab(context, labId);
  const exercise = folder.exercises.find((candidate) => candidate.exercise.id === exerciseId);
  if (!exercise) {
    const known = folder.lab.exercises.map((each) => `${folder.lab.id}/${each}`).join(', ');
    throw new HumanError(exerciseId ? `The lab ${folder.lab.id} has no exercise "${exerciseId}": it has ${known}.` : `Which exercise? Name one of ${known}.`);
  }
  const path = given ? resolve(given) : learnerPath(process.cwd(), exercise);
  const source = await readLearnerFile(path);
  if (source === null) throw new HumanError(`There is no file ${path} to grade: name one, as in backend-labs grade ${target} FILE.`);
  const onProgress = (check: string): void => context.progress(check);
  const report = await gradeExercise({ exercise, source, path }, runnerHost(), { signal: context.signal, onProgress });
  context.signal.throwIfAborted();
  if (report.verdict === 'our-fault' || report.verdict === 'cancelled') throw new HumanError(report.checks.find((check) => check.failure)?.failure?.message ?? 'The grading was stopped.');
  return { code: CODES[report.verdict], json: report, text: `${reportText(report, path)}\n` };
}
