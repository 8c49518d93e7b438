import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ExerciseFolder } from '../catalog/catalog.ts';
import { HumanError } from '../shared/errors.ts';
import type { DebugTarget } from '../shared/rpc.ts';
import type { Grader } from './grader.ts';
import type { Grading } from './grading.ts';
import { learnerUri } from './learnerDocument.ts';

/** A program that ended lets its session end a moment later; one that still runs then was left by the learner. */
const FAREWELL_MS = 400;

/** Grades with VS Code's JavaScript debugger attached to each program that the checks start. */
export class ExerciseDebugger {
  constructor(
    private readonly grader: Grader,
    private readonly extensionPath: string,
  ) {}

  /** No time limit holds, and the verdict counts for nothing but the test run. Throws as grading does; to stop the debugger is to cancel. */
  async grade(exercise: ExerciseFolder, run: vscode.TestRun, token: vscode.CancellationToken): Promise<Grading> {
    const sessions = new Sessions(exercise, join(this.extensionPath, 'dist'), run, token);
    try {
      return await this.grader.grade(exercise, { by: 'tests', token: sessions.token, onDebuggable: (target) => void sessions.attach(target) });
    } catch (error) {
      throw sessions.problem ?? error;
    } finally {
      await sessions.end();
    }
  }
}

/** The debug sessions of one grading. */
class Sessions {
  /** Why no debugger could be attached. */
  problem: Error | undefined;
  private readonly source = new vscode.CancellationTokenSource();
  private readonly targets: DebugTarget[] = [];
  private readonly open = new Set<vscode.DebugSession>();
  private readonly listeners: vscode.Disposable;

  constructor(
    private readonly exercise: ExerciseFolder,
    private readonly dist: string,
    private readonly run: vscode.TestRun,
    token: vscode.CancellationToken,
  ) {
    if (token.isCancellationRequested) this.source.cancel();
    this.listeners = vscode.Disposable.from(
      token.onCancellationRequested(() => this.source.cancel()),
      vscode.debug.onDidStartDebugSession((session) => this.targetOf(session) && this.open.add(session)),
      vscode.debug.onDidTerminateDebugSession((session) => this.terminated(session)),
    );
  }

  get token(): vscode.CancellationToken {
    return this.source.token;
  }

  async attach(target: DebugTarget): Promise<void> {
    this.targets.push(target);
    const uri = learnerUri(this.exercise);
    const folder = uri && vscode.workspace.getWorkspaceFolder(uri);
    try {
      const attached = await vscode.debug.startDebugging(folder, configuration(this.exercise, this.dist, target), { testRun: this.run, suppressSaveBeforeStart: true });
      if (attached || this.source.token.isCancellationRequested) return;
      this.problem = new HumanError('VS Code’s JavaScript debugger could not be attached: see whether the built-in extension "JavaScript Debugger" is enabled.');
    } catch (error) {
      this.problem = error instanceof Error ? error : new Error(String(error));
    }
    this.source.cancel();
  }

  async end(): Promise<void> {
    this.listeners.dispose();
    await Promise.all([...this.open].map((session) => vscode.debug.stopDebugging(session)));
    this.source.dispose();
  }

  private terminated(session: vscode.DebugSession): void {
    const target = this.targetOf(session);
    this.open.delete(session);
    if (target) setTimeout(() => isAlive(target.pid) && this.source.cancel(), FAREWELL_MS);
  }

  /** The program of a session that we began; what the debugger begins below it is none. */
  private targetOf({ parentSession, configuration: { port } }: vscode.DebugSession): DebugTarget | undefined {
    return parentSession ? undefined : this.targets.find((target) => target.port === port);
  }
}

/** Breakpoints find the program by the path of the learner's file, which it is called by; its text is the editor's, saved or not. */
function configuration({ exercise }: ExerciseFolder, dist: string, { port }: DebugTarget): vscode.DebugConfiguration {
  return {
    type: 'node',
    request: 'attach',
    name: exercise.title,
    address: '127.0.0.1',
    port,
    sourceMaps: false,
    enableContentValidation: false,
    autoAttachChildProcesses: false,
    attachExistingChildren: false,
    skipFiles: ['<node_internals>/**', join(dist, '**')],
    internalConsoleOptions: 'neverOpen',
  };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
