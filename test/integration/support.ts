import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import sinon from 'sinon';
import * as vscode from 'vscode';
import type { ExerciseFolder } from '../../src/catalog/catalog.ts';
import type { TestApi } from '../../src/extension.ts';
import type { Core } from '../../src/vscode/core.ts';
import { COMMANDS, CONFIGURATION, SETTINGS } from '../../src/vscode/ids.ts';
import { PROGRESS_KEY } from '../../src/vscode/begun.ts';

export const LAB = '05-accept-queue';
export const EXERCISE = 'survive-the-burst';
export const target = { lab: LAB, exercise: EXERCISE };

/** The extension's inside, as it hands it to tests. */
export async function testApi(): Promise<TestApi> {
  const extension = vscode.extensions.getExtension<TestApi>('backend-labs.backend-labs');
  assert.ok(extension, 'the extension is not installed');
  return extension.activate();
}

export async function coreOf(): Promise<Core> {
  return (await (await testApi()).engine.get()).core;
}

export function workspacePath(...names: string[]): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return join(folder.uri.fsPath, ...names);
}

/** Where the learner's file of the exercise is. */
export function learnerFile(): vscode.Uri {
  return vscode.Uri.file(workspacePath('backend-labs', LAB, `${EXERCISE}.ts`));
}

export async function exerciseFolder(): Promise<ExerciseFolder> {
  return (await coreOf()).labs.exercise(LAB, EXERCISE);
}

/** A file of the exercise as its author wrote it. */
export async function authored(name: string): Promise<string> {
  return readFileSync(join((await exerciseFolder()).dir, name), 'utf8');
}

/** Starts the exercise and puts `text` into its editor, without saving. */
export async function editLearnerFile(text: string): Promise<vscode.TextDocument> {
  await vscode.commands.executeCommand(COMMANDS.startExercise, target);
  const document = await vscode.workspace.openTextDocument(learnerFile());
  // A document of a file that was just made anew takes in its text a little late: until then it refuses edits, or has this text already.
  await eventually('the editor takes the text', async () => (await replaceAll(document, text)) && (document.isDirty || readFileSync(learnerFile().fsPath, 'utf8') === text));
  return document;
}

/** Resolves with whether VS Code took the edit. */
export async function replaceAll(document: vscode.TextDocument, text: string): Promise<boolean> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length)), text);
  return vscode.workspace.applyEdit(edit);
}

/** Polls until `read` gives something that is not undefined or false. */
export async function eventually<T>(what: string, read: () => T | Promise<T>, timeoutMs = 10_000): Promise<NonNullable<T>> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const found = await read();
    if (found !== undefined && found !== null && found !== false) return found;
    if (performance.now() > end) assert.fail(`It did not come to this within ${timeoutMs} ms: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Puts everything back: no editors, no files, no progress, no settings, no stubs. */
export async function startAfresh(): Promise<void> {
  sinon.restore();
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  for (const document of vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  rmSync(workspacePath('backend-labs'), { recursive: true, force: true });
  const core = await coreOf();
  await core.context.globalState.update(PROGRESS_KEY, undefined);
  core.grader.forget(await exerciseFolder());
  // The web build saves after a second unless it is told not to.
  await vscode.workspace.getConfiguration('files').update('autoSave', 'off', vscode.ConfigurationTarget.Global);
  for (const id of Object.values(SETTINGS)) await vscode.workspace.getConfiguration(CONFIGURATION).update(id, undefined, vscode.ConfigurationTarget.Global);
}

/** Answers the next message with a button. */
export function answerWith(kind: 'showWarningMessage' | 'showInformationMessage' | 'showErrorMessage', ...answers: (string | undefined)[]): sinon.SinonStub {
  const stub = sinon.stub(vscode.window, kind) as unknown as sinon.SinonStub;
  answers.forEach((answer, i) => stub.onCall(i).resolves(answer));
  stub.resolves(undefined);
  return stub;
}

export function tabs(): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs);
}

/** What test runs are told from now on: test id → outcomes. */
export async function watchTestRuns(): Promise<Map<string, string[]>> {
  const { tests } = await testApi();
  const told = new Map<string, string[]>();
  const create = tests.controller.createTestRun.bind(tests.controller);
  sinon.replace(tests.controller, 'createTestRun', (...args) => {
    const run = create(...args);
    for (const outcome of ['passed', 'failed', 'errored', 'skipped'] as const) {
      const tell = run[outcome].bind(run) as (test: vscode.TestItem, ...more: unknown[]) => void;
      sinon.replace(run, outcome, ((test: vscode.TestItem, ...more: unknown[]) => {
        told.set(test.id, [...(told.get(test.id) ?? []), outcome]);
        tell(test, ...more);
      }) as never);
    }
    return run;
  });
  return told;
}
