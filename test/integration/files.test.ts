import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import sinon from 'sinon';
import * as vscode from 'vscode';
import { exerciseProgress, NO_PROGRESS } from '../../src/labs/progress.ts';
import { COMMANDS } from '../../src/vscode/ids.ts';
import { answerWith, coreOf, eventually, EXERCISE, LAB, startAfresh, tabs, target, workspacePath } from './support.ts';

const SCENARIO = { kind: 'tcp', id: 'burst', server: { backlog: 2, accept: 'manual' }, connections: [{ id: 'c', count: 5, connect_ms: 0 }], until_ms: 500 };

describe('Simulate This File', () => {
  const file = vscode.Uri.file(workspacePath('burst.scenario.json'));
  const result = (): vscode.TextDocument | undefined => vscode.workspace.textDocuments.find(({ uri }) => uri.path === '/burst.simulated.json');
  beforeEach(startAfresh);
  afterEach(() => rmSync(file.fsPath, { force: true }));

  it('shows what the editor’s scenario comes to, as JSON and as a picture', async () => {
    writeFileSync(file.fsPath, JSON.stringify(SCENARIO));
    await vscode.window.showTextDocument(file);
    await vscode.commands.executeCommand(COMMANDS.simulateFile);
    const document = await eventually('the result shows', result);
    assert.equal(document.languageId, 'json');
    assert.deepEqual(Object.keys(JSON.parse(document.getText()) as object).length > 2, true);
    await eventually('the picture shows', () => tabs().some(({ input, label }) => input instanceof vscode.TabInputWebview && label.startsWith('burst.scenario.json')));
  });

  it('says which field is wrong', async () => {
    const errors = answerWith('showErrorMessage');
    const document = await vscode.workspace.openTextDocument({ language: 'json', content: JSON.stringify({ ...SCENARIO, server: { backlog: 'many' } }) });
    await vscode.commands.executeCommand(COMMANDS.simulateFile, document.uri);
    assert.match(errors.firstCall.args[0] as string, /backlog/);
  });
});

describe('the published schemas', () => {
  const wrong: Readonly<Record<string, object>> = {
    'burst.scenario.json': { ...SCENARIO, no_such_field: 1 },
    'labs/90-mine/lab.json': { id: '90-mine', no_such_field: 1 },
    'labs/90-mine/quiz.json': { questions: [], no_such_field: 1 },
    'labs/90-mine/exercises/first/exercise.json': { id: 'first', no_such_field: 1 },
  };
  beforeEach(startAfresh);
  afterEach(() => {
    rmSync(workspacePath('labs'), { recursive: true, force: true });
    rmSync(workspacePath('burst.scenario.json'), { force: true });
  });

  for (const [name, content] of Object.entries(wrong)) {
    it(`find a field that does not exist in ${name}`, async () => {
      const file = vscode.Uri.file(workspacePath(name));
      mkdirSync(dirname(file.fsPath), { recursive: true });
      writeFileSync(file.fsPath, JSON.stringify(content));
      await vscode.window.showTextDocument(file);
      await eventually('the field is marked', () => vscode.languages.getDiagnostics(file).some(({ message }) => /no_such_field/.test(message)), 20_000);
    });
  }
});

describe('progress', () => {
  const file = vscode.Uri.file(workspacePath('progress.json'));
  beforeEach(startAfresh);
  afterEach(() => rmSync(file.fsPath, { force: true }));
  const state = async (): Promise<string> => exerciseProgress((await coreOf()).progress.current, LAB, EXERCISE).state;

  it('goes out to a file and comes back in', async () => {
    await vscode.commands.executeCommand(COMMANDS.startExercise, target);
    answerWith('showInformationMessage');
    sinon.stub(vscode.window, 'showSaveDialog').resolves(file);
    await vscode.commands.executeCommand(COMMANDS.exportProgress);
    assert.equal((JSON.parse(readFileSync(file.fsPath, 'utf8')) as { version: number }).version, NO_PROGRESS.version);

    answerWith('showWarningMessage', 'Forget');
    await vscode.commands.executeCommand(COMMANDS.forgetProgress, LAB);
    assert.equal(await state(), 'not-started');

    sinon.stub(vscode.window, 'showOpenDialog').resolves([file]);
    await vscode.commands.executeCommand(COMMANDS.importProgress);
    assert.equal(await state(), 'started');
  });

  it('refuses a file that is none', async () => {
    await vscode.commands.executeCommand(COMMANDS.startExercise, target);
    writeFileSync(file.fsPath, '{"version": 99}');
    sinon.stub(vscode.window, 'showOpenDialog').resolves([file]);
    const errors = answerWith('showErrorMessage');
    await vscode.commands.executeCommand(COMMANDS.importProgress);
    assert.match(errors.firstCall.args[0] as string, /is no progress of Backend Labs/);
    assert.equal(await state(), 'started');
  });
});
