import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { ExerciseFolder } from '../catalog/catalog.ts';
import { learnerPath } from '../catalog/learnerFiles.ts';
import { ActionableError } from './actionableError.ts';
import { COMMANDS } from './ids.ts';
import { learnerRoot } from './learnerFolder.ts';

/** A learner's file as the editor has it, saved or not. */
export interface LearnerText {
  readonly uri: vscode.Uri;
  readonly text: string;
}

/** The learner's file of an exercise, wherever it may be; undefined where no folder is open and none was picked. */
export function learnerUri(exercise: ExerciseFolder): vscode.Uri | undefined {
  const root = learnerRoot();
  return root === undefined ? undefined : vscode.Uri.file(learnerPath(root, exercise));
}

/** The open document of a file, with what is not saved yet. */
export function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((document) => !document.isClosed && document.uri.toString() === uri.toString());
}

/** The text that is to be graded. Throws where the exercise was not started. */
export async function learnerText(exercise: ExerciseFolder): Promise<LearnerText> {
  const uri = learnerUri(exercise);
  if (uri) {
    const open = openDocument(uri);
    if (open?.isDirty) return { uri, text: open.getText() };
    // Without unsaved text the file itself counts: VS Code hears late of what another program wrote, or that the file is gone.
    const saved = await readFile(uri.fsPath, 'utf8').catch(() => undefined);
    if (saved !== undefined) return { uri, text: saved };
  }
  throw new ActionableError(`"${exercise.exercise.title}" has no file yet: start the exercise first.`, {
    title: 'Start Exercise',
    command: COMMANDS.startExercise,
    args: [{ lab: exercise.lab, exercise: exercise.exercise.id }],
  });
}
