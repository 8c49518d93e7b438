import * as vscode from 'vscode';
import type { LabFolder } from '../catalog/catalog.ts';
import { exerciseProgress, type Progress } from '../labs/progress.ts';
import type { MessageAction } from './actionableError.ts';
import { failures, shortText } from './failureText.ts';
import type { Grading } from './grading.ts';
import { COMMANDS } from './ids.ts';
import { offer } from './reporter.ts';

/** Says how a grading ended, and offers what is next. */
export function announce({ exercise, report }: Grading, folder: LabFolder, progress: Progress): void {
  const { title, after } = exercise.exercise;
  const target = [{ lab: exercise.lab, exercise: exercise.exercise.id }];
  const panel: MessageAction = { title: 'Show in Panel', command: COMMANDS.openLab, args: [{ lab: exercise.lab, step: 'fix' }] };
  if (report.verdict === 'passed') {
    const solution: MessageAction = { title: 'Open Solution', command: COMMANDS.openSolution, args: target };
    return offer(vscode.window.showInformationMessage, `Passed "${title}", ${report.points} of ${report.of} points. ${after}`, [nextUp(folder, progress), solution]);
  }
  const first = failures(report)[0];
  const sentence = first ? `${first.check.title}: ${shortText(first.failure, 200)}` : 'The log has the details.';
  if (report.verdict === 'failed') {
    return offer(vscode.window.showWarningMessage, `"${title}" is not passed yet. ${sentence}`, [{ title: 'Next Hint', command: COMMANDS.nextHint, args: target }, panel]);
  }
  const again: MessageAction = { title: 'Grade Again', command: COMMANDS.grade, args: target };
  offer(vscode.window.showWarningMessage, `"${title}" could not be decided. ${sentence}`, [again, { title: 'Show Log', command: COMMANDS.showLog }]);
}

/** The lab's next exercise that is not passed, else its quiz. */
export function nextUp({ lab, exercises }: LabFolder, progress: Progress): MessageAction {
  const open = exercises.find(({ exercise }) => exerciseProgress(progress, lab.id, exercise.id).state !== 'passed');
  if (!open) return { title: 'Open Quiz', command: COMMANDS.openQuiz, args: [{ lab: lab.id }] };
  return { title: `Next: ${open.exercise.title}`, command: COMMANDS.startExercise, args: [{ lab: lab.id, exercise: open.exercise.id }] };
}
