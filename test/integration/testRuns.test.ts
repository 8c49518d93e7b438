import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import sinon from 'sinon';
import * as vscode from 'vscode';
import { exerciseProgress } from '../../src/labs/progress.ts';
import { answerWith, authored, coreOf, editLearnerFile, eventually, EXERCISE, exerciseFolder, LAB, learnerFile, replaceAll, startAfresh, testApi, watchTestRuns } from './support.ts';

const state = async (): Promise<string> => exerciseProgress((await coreOf()).progress.current, LAB, EXERCISE).state;
const outcomes = (told: Map<string, string[]>): string[] => [...told.values()].flat();

async function listed(): Promise<vscode.TestItem> {
  const { tests } = await testApi();
  return eventually('the exercise is listed with its file', async () => {
    await tests.controller.resolveHandler?.(undefined);
    const item = tests.controller.items.get(LAB)?.children.get(`${LAB}/${EXERCISE}`);
    return item?.uri && item;
  });
}

/** The line of the document, counting from 0, that holds `text`. */
function lineOf(document: vscode.TextDocument, text: string): number {
  const line = document.getText().split('\n').findIndex((one) => one.includes(text));
  assert.ok(line >= 0, `no line has ${text}`);
  return line;
}

/** VS Code saves all files before it runs tests, unless it is told not to. */
async function saveBeforeTest(value: boolean | undefined): Promise<void> {
  await vscode.workspace.getConfiguration('testing').update('saveBeforeTest', value, vscode.ConfigurationTarget.Global);
}

describe('an exercise under the debugger', () => {
  beforeEach(startAfresh);
  beforeEach(() => answerWith('showInformationMessage'));
  beforeEach(() => saveBeforeTest(false));
  afterEach(() => saveBeforeTest(undefined));
  afterEach(() => vscode.debug.removeBreakpoints(vscode.debug.breakpoints));
  // What a test leaves under way is not the next one's.
  afterEach(async () => {
    await vscode.commands.executeCommand('testing.cancelRun');
    const { grader } = await coreOf();
    const exercise = await exerciseFolder();
    await eventually('no grading is under way', () => !grader.isGrading(exercise));
    await noSessionIsLeft();
  });
  // After the last session VS Code may still name one as active that has ended.
  const open = new Set<string>();
  let listeners: vscode.Disposable;
  before(() => {
    listeners = vscode.Disposable.from(
      vscode.debug.onDidStartDebugSession(({ id }) => open.add(id)),
      vscode.debug.onDidTerminateDebugSession(({ id }) => open.delete(id)),
    );
  });
  after(() => listeners.dispose());
  const noSessionIsLeft = (): Promise<boolean> => eventually('no session is left', () => open.size === 0);

  /** Starts Debug from the Test Explorer and waits until the learner's program is held. */
  async function debugUntilHeld(): ReturnType<typeof heldSession> {
    await listed();
    const { grader } = await coreOf();
    const exercise = await exerciseFolder();
    // VS Code hears of tests that were just listed a little late, and of a file that it knows none of it runs none.
    await eventually('the grading has begun', async () => {
      // It resolves when the run has ended.
      void vscode.commands.executeCommand('testing.debugCurrentFile');
      await eventually('the grading begins', () => grader.isGrading(exercise), 4000).catch(() => false);
      return grader.isGrading(exercise);
    }, 20_000);
    return heldSession();
  }

  function heldSession(): Promise<{ session: vscode.DebugSession; threadId: number }> {
    return eventually('the program is held', () => {
      const item = vscode.debug.activeStackItem;
      return item instanceof vscode.DebugStackFrame && open.has(item.session.id) ? { session: item.session, threadId: item.threadId } : undefined;
    }, 40_000);
  }

  it('stops at a breakpoint in what the editor shows, waits as long as it takes, and goes on to a verdict that counts for nothing', async () => {
    const document = await editLearnerFile(`// A line that is not saved.\n${await authored('solution.ts')}`);
    const line = lineOf(document, '.listen(');
    vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(new vscode.Location(learnerFile(), new vscode.Position(line, 0)))]);
    const told = await watchTestRuns();
    const { session, threadId } = await debugUntilHeld();
    const { stackFrames } = (await session.customRequest('stackTrace', { threadId })) as { stackFrames: { line: number; source?: { path?: string } }[] };
    // In a remote window the debugger names the file by its URI.
    assert.ok(stackFrames[0]?.source?.path?.endsWith(learnerFile().fsPath), stackFrames[0]?.source?.path);
    assert.equal(stackFrames[0]?.line, line + 1);
    assert.ok(document.isDirty);
    // Longer than a program may take to listen.
    await new Promise((resolve) => setTimeout(resolve, 5000));
    await letGo(session, threadId);
    await eventually('all checks have passed', () => outcomes(told).filter((outcome) => outcome === 'passed').length === 3, 40_000);
    assert.equal(await state(), 'started');
    await noSessionIsLeft();
  }).timeout(120_000);

  /** The program may be over before it has answered. */
  async function letGo(session: vscode.DebugSession, threadId: number): Promise<void> {
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    await Promise.resolve(session.customRequest('continue', { threadId })).catch(() => undefined);
  }

  /** Debugs the solution, with a breakpoint where it listens. */
  async function holdSolution(): ReturnType<typeof debugUntilHeld> {
    const document = await editLearnerFile(await authored('solution.ts'));
    vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(new vscode.Location(learnerFile(), new vscode.Position(lineOf(document, '.listen('), 0)))]);
    const held = await debugUntilHeld();
    assert.ok((await coreOf()).grader.isGrading(await exerciseFolder()));
    return held;
  }

  for (const [how, stop] of [
    ['when the debugger is stopped', (session: vscode.DebugSession) => vscode.debug.stopDebugging(session)],
    ['with the test run', () => vscode.commands.executeCommand('testing.cancelRun')],
  ] as const) {
    it(`is cancelled ${how}`, async () => {
      const told = await watchTestRuns();
      const { session } = await holdSolution();
      await stop(session);
      const { grader } = await coreOf();
      const exercise = await exerciseFolder();
      await eventually('the grading is ended', () => !grader.isGrading(exercise));
      await eventually('no check has a verdict', () => outcomes(told).length === 3);
      assert.deepEqual(new Set(outcomes(told)), new Set(['skipped']));
      await noSessionIsLeft();
    }).timeout(90_000);
  }

  it('begins anew when the debugger is restarted', async () => {
    const told = await watchTestRuns();
    const first = await holdSolution();
    void vscode.commands.executeCommand('workbench.action.debug.restart');
    await eventually('the first session is over', () => !open.has(first.session.id), 20_000);
    const { session, threadId } = await heldSession();
    assert.notEqual(session.id, first.session.id);
    await letGo(session, threadId);
    await eventually('all checks have passed', () => outcomes(told).filter((outcome) => outcome === 'passed').length === 3, 40_000);
    await noSessionIsLeft();
  }).timeout(120_000);

  it('says so where no debugger can be attached', async () => {
    await editLearnerFile(await authored('solution.ts'));
    sinon.stub(vscode.debug, 'startDebugging').resolves(false);
    const told = await watchTestRuns();
    await listed();
    await vscode.commands.executeCommand('testing.debugCurrentFile');
    await eventually('the exercise is told an error', () => told.get(`${LAB}/${EXERCISE}`)?.includes('errored'), 20_000);
    const { grader } = await coreOf();
    assert.equal(grader.isGrading(await exerciseFolder()), false);
  }).timeout(60_000);
});

describe('the continuous run', () => {
  beforeEach(startAfresh);
  beforeEach(() => answerWith('showInformationMessage'));

  it('grades at each save, the last one winning, until it is ended', async () => {
    const document = await editLearnerFile(await authored('solution.ts'));
    await listed();
    const told = await watchTestRuns();
    await vscode.window.showTextDocument(document);
    void vscode.commands.executeCommand('testing.startContinuousRun');
    let saves = 0;
    await eventually('it is graded', async () => {
      // Where it asks for the profile, its own choice is taken. When it has begun is not told.
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      assert.ok(await replaceAll(document, `${await authored('wrong/backlog-too-small.ts')}${'\n'.repeat(++saves)}`));
      await document.save();
      await new Promise((resolve) => setTimeout(resolve, 4000));
      return outcomes(told).includes('failed');
    }, 40_000);
    assert.ok(await replaceAll(document, await authored('solution.ts')));
    await document.save();
    await eventually('all checks have passed', () => outcomes(told).filter((outcome) => outcome === 'passed').length >= 3 && [...told.values()].every((all) => all.at(-1) === 'passed'), 30_000);
    assert.equal(await state(), 'passed');
    assert.equal(readFileSync(learnerFile().fsPath, 'utf8'), await authored('solution.ts'));
  }).timeout(90_000);
});
