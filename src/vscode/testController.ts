import * as vscode from 'vscode';
import type { Changes } from './changes.ts';
import type { Engine } from './engine.ts';
import type { Grading } from './grading.ts';
import type { Lazy } from './lazy.ts';
import { isCancellation, type Reporter } from './reporter.ts';
import { exerciseTestId, labTest, requestedExercises } from './testItems.ts';
import { tellRun } from './testResults.ts';

/** The exercises in the Test Explorer: labs, exercises, checks. What is graded elsewhere shows here too. */
export class ExerciseTests implements vscode.Disposable {
  readonly controller = vscode.tests.createTestController('backendLabs', 'Backend Labs');
  private readonly listeners: vscode.Disposable;

  constructor(
    private readonly engine: Lazy<Engine>,
    private readonly reporter: Reporter,
    changes: Changes,
  ) {
    const list = (): Promise<void> => reporter.guard('Listing the exercises', () => this.list());
    this.controller.resolveHandler = (item) => (item ? undefined : list());
    this.controller.refreshHandler = async () => {
      const { core } = await engine.get();
      core.labs.refresh();
    };
    const { Run, Debug } = vscode.TestRunProfileKind;
    const profile = this.controller.createRunProfile('Grade', Run, (request, token) => this.handle(request, token), true);
    profile.supportsContinuousRun = true;
    const debug = this.controller.createRunProfile('Debug', Debug, (request, token) => this.run(request, this.requested(request), token), true);
    this.listeners = vscode.Disposable.from(
      changes.onDidChange((change) => (change === 'labs' || change === 'progress') && engine.current && void list()),
      changes.onDidGrade((grading) => grading.by === 'command' && void reporter.guard('Showing the tests', () => this.showForeign(grading))),
      profile,
      debug,
    );
  }

  dispose(): void {
    this.listeners.dispose();
    this.controller.dispose();
  }

  private async list(): Promise<void> {
    const { core } = await this.engine.get();
    const { labs } = await core.labs.catalog();
    this.controller.items.replace(labs.map((folder) => labTest(this.controller, folder)));
  }

  private async handle(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    if (!request.continuous) return this.run(request, this.requested(request), token);
    let last = { stop: new vscode.CancellationTokenSource(), ended: Promise.resolve() };
    const saved = vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      const items = this.requested(request).filter((item) => item.uri?.toString() === uri.toString());
      if (items.length === 0) return;
      // What is saved now is what counts.
      last.stop.cancel();
      const stop = new vscode.CancellationTokenSource();
      last = { stop, ended: last.ended.then(() => this.run(request, items, stop.token)) };
    });
    token.onCancellationRequested(() => {
      saved.dispose();
      last.stop.cancel();
    });
  }

  private requested(request: vscode.TestRunRequest): vscode.TestItem[] {
    return requestedExercises(request, this.controller.items);
  }

  private async run(request: vscode.TestRunRequest, items: readonly vscode.TestItem[], token: vscode.CancellationToken): Promise<void> {
    const run = this.controller.createTestRun(request);
    for (const item of items) checksOf(item).forEach((check) => run.enqueued(check));
    const debug = request.profile?.kind === vscode.TestRunProfileKind.Debug;
    for (const item of items) await this.gradeIn(run, item, token, debug);
    run.end();
  }

  private async gradeIn(run: vscode.TestRun, item: vscode.TestItem, token: vscode.CancellationToken, debug: boolean): Promise<void> {
    const checks = checksOf(item);
    if (token.isCancellationRequested) {
      skip(run, checks);
      return;
    }
    checks.forEach((check) => run.started(check));
    try {
      const { core } = await this.engine.get();
      const [lab = '', exercise = ''] = item.id.split('/');
      const folder = await core.labs.exercise(lab, exercise);
      const grading = await (debug ? core.exerciseDebugger.grade(folder, run, token) : core.grader.grade(folder, { by: 'tests', token }));
      tellRun(run, item, grading);
    } catch (error) {
      if (!isCancellation(error)) run.errored(item, new vscode.TestMessage(this.reporter.sentence(error, 'Grading')));
      skip(run, checks);
    }
  }

  /** Shows a grading that a command asked for. */
  private async showForeign(grading: Grading): Promise<void> {
    if (this.controller.items.size === 0) await this.list();
    const item = this.controller.items.get(grading.exercise.lab)?.children.get(exerciseTestId(grading.exercise));
    if (!item) return;
    const run = this.controller.createTestRun(new vscode.TestRunRequest(checksOf(item)), 'Grade', true);
    tellRun(run, item, grading);
    run.end();
  }
}

function skip(run: vscode.TestRun, checks: readonly vscode.TestItem[]): void {
  for (const check of checks) run.skipped(check);
}

function checksOf(item: vscode.TestItem): vscode.TestItem[] {
  return [...item.children].map(([, check]) => check);
}
