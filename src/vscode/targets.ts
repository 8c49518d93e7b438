import * as vscode from 'vscode';
import type { ExerciseFolder, LabFolder } from '../catalog/catalog.ts';
import { exerciseOf } from '../catalog/learnerFiles.ts';
import { exerciseProgress } from '../labs/progress.ts';
import type { LabStore } from './labStore.ts';
import type { ProgressStore } from './progressStore.ts';
import { labState, stateText } from './progressText.ts';

/** What a command is about, as tree items, CodeLenses, links and keybindings name it. */
export interface Target {
  readonly lab?: string;
  readonly exercise?: string;
}

/** Finds the lab or exercise that a command is about: its argument, else the active editor's, else the learner is asked. */
export class Targets {
  constructor(
    private readonly labs: LabStore,
    private readonly progress: ProgressStore,
  ) {}

  /** Throws a CancellationError when the learner picks none. */
  async lab(argument: unknown): Promise<LabFolder> {
    const { lab } = asTarget(argument);
    return lab === undefined ? this.pickLab() : this.labs.lab(lab);
  }

  async exercise(argument: unknown): Promise<ExerciseFolder> {
    const { lab, exercise } = asTarget(argument);
    if (lab !== undefined && exercise !== undefined) return this.labs.exercise(lab, exercise);
    const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
    return (uri && (await this.exerciseAt(uri))) ?? this.pickExercise();
  }

  async exerciseAt(uri: vscode.Uri): Promise<ExerciseFolder | undefined> {
    return uri.scheme === 'file' ? exerciseOf(uri.fsPath, await this.labs.exercises()) : undefined;
  }

  private async pickLab(): Promise<LabFolder> {
    const { labs } = await this.labs.catalog();
    const items = labs.map((folder) => ({
      label: folder.lab.title,
      description: `${labState(folder, this.progress.current).text} done · about ${folder.lab.minutes} min`,
      detail: folder.lab.summary,
      found: folder,
    }));
    return picked(await vscode.window.showQuickPick(items, { title: 'Labs', placeHolder: 'Choose a lab', matchOnDescription: true, matchOnDetail: true }));
  }

  private async pickExercise(): Promise<ExerciseFolder> {
    const { labs } = await this.labs.catalog();
    const items = labs.flatMap(({ lab, exercises }) => [
      { label: lab.title, kind: vscode.QuickPickItemKind.Separator, found: undefined },
      ...exercises.map((found) => ({
        label: found.exercise.title,
        description: stateText(exerciseProgress(this.progress.current, lab.id, found.exercise.id).state),
        detail: found.exercise.summary,
        found,
      })),
    ]);
    return picked(await vscode.window.showQuickPick(items, { title: 'Exercises', placeHolder: 'Choose an exercise', matchOnDetail: true }));
  }
}

function picked<T>(item: { readonly found: T | undefined } | undefined): T {
  if (item?.found === undefined) throw new vscode.CancellationError();
  return item.found;
}

/** Reads a command's argument: anything that carries ids, such as a tree item; `{}` for anything else. */
export function asTarget(argument: unknown): Target {
  if (typeof argument === 'string') return { lab: argument };
  if (typeof argument !== 'object' || argument === null || argument instanceof vscode.Uri) return {};
  const { lab, exercise } = argument as Record<string, unknown>;
  return { ...(typeof lab === 'string' ? { lab } : {}), ...(typeof exercise === 'string' ? { exercise } : {}) };
}
