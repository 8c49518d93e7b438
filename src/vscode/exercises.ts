import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ExerciseFolder } from '../catalog/catalog.ts';
import { previewReset, startExercise } from '../catalog/learnerFiles.ts';
import { exerciseProgress, withExercise } from '../labs/progress.ts';
import type { Grader } from './grader.ts';
import { COMMANDS } from './ids.ts';
import { learnerUri, openDocument } from './learnerDocument.ts';
import { learnerRootOrAsk } from './learnerFolder.ts';
import type { ProgressStore } from './progressStore.ts';
import { offer } from './reporter.ts';
import { exerciseFileUri } from './virtualDocuments.ts';

/** What a learner does with an exercise's file, besides having it graded. */
export class Exercises {
  constructor(
    private readonly extensionPath: string,
    private readonly progress: ProgressStore,
    private readonly grader: Grader,
  ) {}

  /** Writes the starter where there is no file yet, and opens the file. */
  async start(exercise: ExerciseFolder): Promise<vscode.TextEditor> {
    const root = await learnerRootOrAsk();
    const { path } = await startExercise(root, exercise, join(this.extensionPath, 'dist', 'types', '@types'));
    await this.markStarted(exercise);
    return vscode.window.showTextDocument(vscode.Uri.file(path), { viewColumn: this.columnFor(), preview: false });
  }

  /**
   * Shows what Reset would change, asks, and puts the starter back as an edit, so that Undo brings the text back. A file
   * that had no unsaved changes is saved; one that had stays unsaved.
   */
  async reset(exercise: ExerciseFolder): Promise<void> {
    const root = await learnerRootOrAsk();
    const { path, current, starter } = await previewReset(root, exercise);
    if (current === null) {
      await this.start(exercise);
      return;
    }
    const uri = vscode.Uri.file(path);
    const document = await vscode.workspace.openTextDocument(uri);
    if (document.getText() === starter) return void vscode.window.showInformationMessage(`"${exercise.exercise.title}" is as it was at the start.`);
    const preview = exerciseFileUri(exercise, 'starter');
    await vscode.commands.executeCommand('vscode.diff', uri, preview, `${exercise.exercise.title}: yours ↔ after Reset`, { preview: true });
    const answer = await vscode.window.showWarningMessage(`Reset "${exercise.exercise.title}"? The editor shows what will change. Undo brings your text back.`, 'Reset', 'Keep Mine');
    await closeTabs(preview);
    if (answer === 'Reset') await this.replace(exercise, document, starter);
  }

  /** Shows the solution beside the learner's text: at once when passed, else after a question. */
  async openSolution(exercise: ExerciseFolder): Promise<void> {
    const { title } = exercise.exercise;
    const { state } = exerciseProgress(this.progress.current, exercise.lab, exercise.exercise.id);
    if (state !== 'passed') {
      const answer = await vscode.window.showWarningMessage(`You have not passed "${title}" yet. A hint may be enough.`, 'Open the Solution Anyway', 'Next Hint');
      if (answer === 'Next Hint') return this.showNextHint(exercise);
      if (answer !== 'Open the Solution Anyway') return;
    }
    const solution = exerciseFileUri(exercise, 'solution');
    const uri = learnerUri(exercise);
    const mine = uri && (openDocument(uri) ?? (await vscode.workspace.openTextDocument(uri).then(undefined, () => undefined)));
    if (mine) await vscode.commands.executeCommand('vscode.diff', mine.uri, solution, `${title}: yours ↔ solution`);
    else await vscode.window.showTextDocument(solution, { viewColumn: this.columnFor() });
  }

  /** Counts one more hint of the ladder as shown, and returns it; undefined when all were shown. */
  async nextHint({ lab, exercise }: ExerciseFolder): Promise<string | undefined> {
    const { hintsShown } = exerciseProgress(this.progress.current, lab, exercise.id);
    const hint = exercise.ladder[hintsShown];
    if (hint !== undefined) await this.progress.update((all) => withExercise(all, lab, exercise.id, { hintsShown: hintsShown + 1 }));
    return hint;
  }

  /** The same for one who asked outside the panel: as a message. */
  async showNextHint(exercise: ExerciseFolder): Promise<void> {
    const hint = await this.nextHint(exercise);
    const target = [{ lab: exercise.lab, exercise: exercise.exercise.id }];
    const solution = { title: 'Open Solution', command: COMMANDS.openSolution, args: target };
    if (hint === undefined) {
      offer(vscode.window.showInformationMessage, 'These were all the hints; the panel keeps them.', [solution]);
      return;
    }
    const { hintsShown } = exerciseProgress(this.progress.current, exercise.lab, exercise.exercise.id);
    const of = exercise.exercise.ladder.length;
    const more = hintsShown < of ? [{ title: 'Next Hint', command: COMMANDS.nextHint, args: target }] : [solution];
    offer(vscode.window.showInformationMessage, `Hint ${hintsShown} of ${of}: ${hint}`, more);
  }

  private async replace(exercise: ExerciseFolder, document: vscode.TextDocument, starter: string): Promise<void> {
    const wasDirty = document.isDirty;
    await vscode.window.showTextDocument(document, { preview: false });
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length)), starter);
    await vscode.workspace.applyEdit(edit);
    if (!wasDirty) await document.save();
    this.grader.forget(exercise);
    const answer = vscode.window.showInformationMessage(`"${exercise.exercise.title}" is as it was at the start.`, 'Undo');
    void answer.then(async (chosen) => {
      if (chosen !== 'Undo') return;
      await vscode.window.showTextDocument(document, { preview: false });
      await vscode.commands.executeCommand('undo');
    });
  }

  private async markStarted({ lab, exercise }: ExerciseFolder): Promise<void> {
    if (exerciseProgress(this.progress.current, lab, exercise.id).state !== 'not-started') return;
    await this.progress.update((all) => withExercise(all, lab, exercise.id, { state: 'started' }));
  }

  /** Where the learner is, but never over a panel that is to be seen: its hints are read beside the file. */
  private columnFor(): vscode.ViewColumn {
    const { all, activeTabGroup } = vscode.window.tabGroups;
    const free = [activeTabGroup, ...all].find(({ activeTab }) => !(activeTab?.input instanceof vscode.TabInputWebview));
    return free?.viewColumn ?? vscode.ViewColumn.Beside;
  }
}

/** Closes the tabs that show `uri`, also in a diff. */
async function closeTabs(uri: vscode.Uri): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const shows = ({ input }: vscode.Tab): boolean => input instanceof vscode.TabInputTextDiff && input.modified.toString() === uri.toString();
  await vscode.window.tabGroups.close(tabs.filter(shows));
}
