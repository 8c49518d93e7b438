import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { exerciseProgress } from '../../src/labs/progress.ts';
import { COMMANDS } from '../../src/vscode/ids.ts';
import { answerWith, authored, coreOf, editLearnerFile, eventually, EXERCISE, LAB, learnerFile, replaceAll, startAfresh, tabs, target } from './support.ts';

const MINE = '// mine\nexport const port = 1;\n';

describe('an exercise’s file', () => {
  beforeEach(startAfresh);

  it('is the starter, in the open folder, shown in an editor', async () => {
    await vscode.commands.executeCommand(COMMANDS.startExercise, target);
    assert.equal(readFileSync(learnerFile().fsPath, 'utf8'), await authored('starter.ts'));
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, learnerFile().fsPath);
  });

  it('is never overwritten', async () => {
    const document = await editLearnerFile(MINE);
    await document.save();
    await vscode.commands.executeCommand(COMMANDS.startExercise, target);
    assert.equal(readFileSync(learnerFile().fsPath, 'utf8'), MINE);
  });

  it('has Node’s types at hand, with no network and no project', async () => {
    const document = await editLearnerFile("import { createServer } from 'node:net';\nexport const port: string = createServer().listen({ port: 0, backlog: 4 }).maxConnections;\n");
    const errors = (): vscode.Diagnostic[] => vscode.languages.getDiagnostics(document.uri).filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error);
    await eventually('TypeScript finds the error in line 2', () => errors().some(({ message }) => message.includes("'number' is not assignable to type 'string'")), 60_000);
    assert.ok(await replaceAll(document, await authored('starter.ts')));
    await eventually('TypeScript finds nothing', () => errors().length === 0, 60_000);
    assert.deepEqual(errors(), []);
  }).timeout(130_000);

  it('has its lenses: grade, hint, lab', async () => {
    await vscode.commands.executeCommand(COMMANDS.startExercise, target);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', learnerFile(), 10);
    assert.deepEqual(lenses.map(({ command }) => command?.command), [COMMANDS.grade, COMMANDS.nextHint, COMMANDS.openLab]);
  });

  it('gives its hints one by one, and counts them', async () => {
    await vscode.commands.executeCommand(COMMANDS.startExercise, target);
    const messages = answerWith('showInformationMessage');
    await vscode.commands.executeCommand(COMMANDS.nextHint, target);
    await vscode.commands.executeCommand(COMMANDS.nextHint, target);
    assert.match(messages.firstCall.args[0] as string, /^Hint 1 of \d: /);
    assert.match(messages.secondCall.args[0] as string, /^Hint 2 of \d: /);
    assert.equal(exerciseProgress((await coreOf()).progress.current, LAB, EXERCISE).hintsShown, 2);
  });

  it('keeps its solution shut until the learner says so', async () => {
    await vscode.commands.executeCommand(COMMANDS.startExercise, target);
    const shown = (): boolean => tabs().some(({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.path.endsWith('solution.ts'));
    const asked = answerWith('showWarningMessage', undefined, 'Open the Solution Anyway');
    await vscode.commands.executeCommand(COMMANDS.openSolution, target);
    assert.equal(shown(), false);
    await vscode.commands.executeCommand(COMMANDS.openSolution, target);
    await eventually('the solution shows', shown);
    assert.equal(asked.callCount, 2);
    const solution = vscode.workspace.textDocuments.find(({ uri }) => uri.path.endsWith('solution.ts'));
    assert.equal(solution?.getText(), await authored('solution.ts'));
  });
});

describe('Reset', () => {
  beforeEach(startAfresh);
  const isPreview = ({ input }: vscode.Tab): boolean => input instanceof vscode.TabInputTextDiff && input.modified.path.endsWith('starter.ts');

  it('shows what will change, asks, and changes nothing when told so', async () => {
    await (await editLearnerFile(MINE)).save();
    let previewed = false;
    const asked = answerWith('showWarningMessage');
    asked.callsFake(async () => {
      await eventually('the preview shows', () => tabs().some(isPreview));
      previewed = true;
      return 'Keep Mine';
    });
    await vscode.commands.executeCommand(COMMANDS.resetExercise, target);
    assert.ok(previewed);
    assert.equal(readFileSync(learnerFile().fsPath, 'utf8'), MINE);
    await eventually('the preview is closed', () => !tabs().some(isPreview));
  });

  it('puts the starter back, and Undo brings the text back', async () => {
    const document = await editLearnerFile(MINE);
    await document.save();
    answerWith('showWarningMessage', 'Reset');
    answerWith('showInformationMessage');
    await vscode.commands.executeCommand(COMMANDS.resetExercise, target);
    assert.equal(document.getText(), await authored('starter.ts'));
    assert.equal(readFileSync(learnerFile().fsPath, 'utf8'), await authored('starter.ts'));
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), MINE);
  });

  it('leaves unsaved what was unsaved', async () => {
    const document = await editLearnerFile(MINE);
    assert.ok(document.isDirty);
    answerWith('showWarningMessage', 'Reset');
    answerWith('showInformationMessage', 'Undo');
    await vscode.commands.executeCommand(COMMANDS.resetExercise, target);
    await eventually('the button brings the text back', () => document.getText() === MINE);
    assert.ok(document.isDirty);
    assert.equal(readFileSync(learnerFile().fsPath, 'utf8'), await authored('starter.ts'));
  });
});
