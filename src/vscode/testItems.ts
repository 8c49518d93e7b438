import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import type { ExerciseFolder, LabFolder } from '../catalog/catalog.ts';
import { learnerUri } from './learnerDocument.ts';

/** Test ids are `lab`, `lab/exercise` and `lab/exercise/check`. */
export function exerciseTestId({ lab, exercise }: ExerciseFolder): string {
  return `${lab}/${exercise.id}`;
}

/** A lab's tests: its exercises and their checks. A test leads to the learner's file once there is one. */
export function labTest(controller: vscode.TestController, { lab, exercises }: LabFolder): vscode.TestItem {
  const item = controller.createTestItem(lab.id, lab.title);
  item.sortText = lab.id;
  item.children.replace(exercises.map((exercise, i) => exerciseTest(controller, exercise, i)));
  return item;
}

function exerciseTest(controller: vscode.TestController, folder: ExerciseFolder, order: number): vscode.TestItem {
  const { title, checks } = folder.exercise;
  const uri = learnerUri(folder);
  const file = uri && existsSync(uri.fsPath) ? uri : undefined;
  const make = (id: string, label: string, at: number): vscode.TestItem => {
    const item = controller.createTestItem(id, label, file);
    if (file) item.range = new vscode.Range(0, 0, 0, 0);
    item.sortText = String(at).padStart(3, '0');
    return item;
  };
  const id = exerciseTestId(folder);
  const item = make(id, title, order);
  if (!file) item.description = 'not started';
  item.children.replace(checks.map((check, i) => make(`${id}/${check.id}`, check.title, i)));
  return item;
}

/** The tests of exercises that a request asks for, in the explorer's order; a check stands for its exercise. */
export function requestedExercises(request: vscode.TestRunRequest, items: vscode.TestItemCollection): vscode.TestItem[] {
  const excluded = new Set(request.exclude?.map(({ id }) => id));
  const roots = request.include ?? [...items].map(([, item]) => item);
  const found = roots.filter(({ id }) => !excluded.has(id)).flatMap(exercisesIn);
  // The list may have been made anew since the request.
  const now = (item: vscode.TestItem): vscode.TestItem => items.get(item.id.split('/')[0] ?? '')?.children.get(item.id) ?? item;
  return [...new Map(found.filter(({ id }) => !excluded.has(id)).map((item) => [item.id, now(item)])).values()];
}

function exercisesIn(item: vscode.TestItem): vscode.TestItem[] {
  switch (item.id.split('/').length) {
    case 1:
      return [...item.children].map(([, child]) => child).sort((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1));
    case 2:
      return [item];
    default:
      return item.parent ? [item.parent] : [];
  }
}
