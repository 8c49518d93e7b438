import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import type sinon from 'sinon';
import * as vscode from 'vscode';
import { exerciseProgress } from '../../src/labs/progress.ts';
import type { ExerciseReport } from '../../src/shared/report.ts';
import { COMMANDS } from '../../src/vscode/ids.ts';
import { answerWith, authored, coreOf, editLearnerFile, eventually, EXERCISE, exerciseFolder, LAB, learnerFile, replaceAll, startAfresh, target, testApi, watchTestRuns } from './support.ts';

const WRONG = 'wrong/backlog-too-small.ts';
const ours = (): vscode.Diagnostic[] => vscode.languages.getDiagnostics(learnerFile()).filter(({ source }) => source === 'Backend Labs');
const grade = async (): Promise<ExerciseReport> => {
  const report = await vscode.commands.executeCommand<ExerciseReport | undefined>(COMMANDS.grade, target);
  assert.ok(report, 'the command gave no report');
  return report;
};
const passed = async (): Promise<boolean> => exerciseProgress((await coreOf()).progress.current, LAB, EXERCISE).state === 'passed';

describe('grading', () => {
  beforeEach(startAfresh);
  beforeEach(() => {
    answerWith('showInformationMessage');
    answerWith('showWarningMessage');
  });

  it('fails the starter, at a line of the learner’s file, with a hint', async () => {
    await vscode.commands.executeCommand(COMMANDS.startExercise, target);
    const report = await grade();
    assert.equal(report.verdict, 'failed');
    const [found] = ours();
    assert.ok(found);
    const lines = readFileSync(learnerFile().fsPath, 'utf8').split('\n');
    assert.match(lines[found.range.start.line] ?? '', /listen/);
    assert.ok(found.relatedInformation?.some(({ message }) => message.startsWith('Hint: ')));
    assert.equal(await passed(), false);
  }).timeout(60_000);

  it('gives a known wrong solution the hint that is meant for it, and forgets it at the next edit', async () => {
    const document = await editLearnerFile(await authored(WRONG));
    const report = await grade();
    const { exercise } = await exerciseFolder();
    const meant = exercise.wrong.find(({ file }) => WRONG.endsWith(file));
    const failed = report.checks.find(({ failure }) => failure);
    assert.deepEqual([failed?.id, failed?.failure?.hint?.id], [meant?.fails, meant?.hint]);
    assert.equal(ours().length, 1);
    assert.ok(await replaceAll(document, `${document.getText()}\n`));
    assert.deepEqual(ours(), []);
  }).timeout(60_000);

  it('grades what the editor shows, not what is saved', async () => {
    const document = await editLearnerFile(await authored('solution.ts'));
    assert.ok(document.isDirty);
    const report = await grade();
    assert.equal(report.verdict, 'passed', JSON.stringify(report.checks));
    assert.equal(readFileSync(learnerFile().fsPath, 'utf8'), await authored('starter.ts'));
    assert.deepEqual(ours(), []);
    assert.ok(await passed());
  }).timeout(60_000);

  it('grades what another program has just saved, of which the editor may not have heard', async () => {
    await vscode.commands.executeCommand(COMMANDS.startExercise, target);
    writeFileSync(learnerFile().fsPath, await authored('solution.ts'));
    const report = await grade();
    assert.equal(report.verdict, 'passed', JSON.stringify(report.checks));
  }).timeout(60_000);

  it('grades the exercise of the active editor, and offers what is next', async () => {
    await editLearnerFile(await authored('solution.ts'));
    const report = await vscode.commands.executeCommand<ExerciseReport>(COMMANDS.grade);
    assert.equal(report.exercise, EXERCISE);
    assert.equal(report.verdict, 'passed', JSON.stringify(report.checks));
    const said = vscode.window.showInformationMessage as unknown as sinon.SinonStub;
    await eventually('the verdict is told', () => said.called);
    assert.match(said.firstCall.args[0] as string, /^Passed "Survive the burst", 10 of 10 points\. /);
    assert.deepEqual(said.firstCall.args.slice(1), ['Next: Shed load', 'Open Solution']);
  }).timeout(60_000);

  it('shows in the Test Explorer, whoever asked', async () => {
    const told = await watchTestRuns();
    await editLearnerFile(await authored(WRONG));
    await grade();
    await eventually('a test run is told', () => told.size > 0);
    assert.deepEqual(Object.fromEntries(told), { [`${LAB}/${EXERCISE}/serves`]: ['passed'], [`${LAB}/${EXERCISE}/reports`]: ['passed'], [`${LAB}/${EXERCISE}/burst`]: ['failed'] });
  }).timeout(60_000);

  it('is started from the Test Explorer', async () => {
    await editLearnerFile(await authored('solution.ts'));
    const { tests } = await testApi();
    const item = await eventually('the exercise is listed', async () => {
      await tests.controller.resolveHandler?.(undefined);
      return tests.controller.items.get(LAB)?.children.get(`${LAB}/${EXERCISE}`);
    });
    assert.equal(item.uri?.fsPath, learnerFile().fsPath);
    const told = await watchTestRuns();
    await vscode.commands.executeCommand('testing.runCurrentFile');
    await eventually('all checks have passed', () => [...told.values()].flat().filter((outcome) => outcome === 'passed').length === 3, 30_000);
    assert.ok(await passed());
  }).timeout(60_000);

  it('can be cancelled, and then says nothing', async () => {
    await editLearnerFile(await authored('solution.ts'));
    const errors = answerWith('showErrorMessage');
    const core = await coreOf();
    const exercise = await exerciseFolder();
    const grading = vscode.commands.executeCommand(COMMANDS.grade, target);
    await eventually('it is grading', () => core.grader.isGrading(exercise));
    await vscode.commands.executeCommand(COMMANDS.cancel);
    assert.equal(await grading, undefined);
    assert.equal(core.grader.isGrading(exercise), false);
    assert.equal(await passed(), false);
    assert.equal(errors.called, false);
  }).timeout(60_000);

  it('says what to do where nothing was started', async () => {
    const errors = answerWith('showErrorMessage');
    assert.equal(await vscode.commands.executeCommand(COMMANDS.grade, target), undefined);
    assert.match(errors.firstCall.args[0] as string, /start the exercise first/);
    assert.equal(errors.firstCall.args[1], 'Start Exercise');
  });
});
