import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ExerciseFolder } from '../catalog/catalog.ts';
import type { OnDebuggable } from '../grading/gradeExercise.ts';
import type { DebugTarget } from '../shared/rpc.ts';
import { DebugSessions } from './debugSessions.ts';
import type { Grader } from './grader.ts';
import type { Grading } from './grading.ts';
import { learnerUri } from './learnerDocument.ts';

/** Grades with VS Code's JavaScript debugger attached to each program that the checks start. */
export class ExerciseDebugger {
  constructor(
    private readonly grader: Grader,
    private readonly extensionPath: string,
  ) {}

  /** No time limit holds, and the verdict counts for nothing but the test run. Throws as grading does; to stop the debugger is to cancel. */
  async grade(exercise: ExerciseFolder, run: vscode.TestRun, token: vscode.CancellationToken): Promise<Grading> {
    const source = new vscode.CancellationTokenSource();
    if (token.isCancellationRequested) source.cancel();
    const cancelled = token.onCancellationRequested(() => source.cancel());
    const uri = learnerUri(exercise);
    const folder = uri && vscode.workspace.getWorkspaceFolder(uri);
    const dist = join(this.extensionPath, 'dist');
    // The run's own cancelling ends a session of it, and a session's restart is the run's.
    const start = (target: DebugTarget): Thenable<boolean> => vscode.debug.startDebugging(folder, configuration(exercise, dist, target), { testRun: run, suppressSaveBeforeStart: true });
    const sessions = new DebugSessions(vscode.debug, start, () => source.cancel());
    // What was cancelled may still start a program, a moment before it is ended.
    const onDebuggable: OnDebuggable = (target, ended) => void (source.token.isCancellationRequested || sessions.attach(target, ended));
    try {
      return await this.grader.grade(exercise, { by: 'tests', token: source.token, onDebuggable });
    } catch (error) {
      throw sessions.problem ?? error;
    } finally {
      cancelled.dispose();
      await sessions.end();
      source.dispose();
    }
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
