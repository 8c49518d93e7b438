import type * as vscode from 'vscode';
import type { Changes } from './changes.ts';
import { Core } from './core.ts';
import { handlersOf, type Handlers } from './handlers.ts';
import type { CommandId } from './ids.ts';
import { lensesOf, type Lens } from './lenses.ts';
import type { Reporter } from './reporter.ts';
import type { Target } from './targets.ts';
import { labNode, problemNode, type TreeNode } from './treeNodes.ts';

/**
 * What lies behind the wiring. It is a bundle of its own (dist/engine.cjs), which the first command or view loads, so that
 * activation reads none of it.
 */
export class Engine implements vscode.Disposable {
  readonly core: Core;
  private readonly handlers: Handlers;

  constructor(context: vscode.ExtensionContext, reporter: Reporter, changes: Changes) {
    this.core = new Core(context, reporter, changes);
    this.handlers = handlersOf(this.core);
  }

  /** Does what a command does; throws where it cannot. */
  async handle(id: CommandId, argument: unknown): Promise<unknown> {
    return this.handlers[id](argument);
  }

  /** The rows of the tree. */
  async treeNodes(): Promise<TreeNode[]> {
    const { labs, progress, grader } = this.core;
    const catalog = await labs.catalog();
    return [...catalog.labs.map((folder) => labNode(folder, progress.current, (exercise) => grader.isGrading(exercise))), ...catalog.problems.map(problemNode)];
  }

  /** What stands above a learner's file; undefined for any other file. */
  async lenses(uri: vscode.Uri): Promise<{ readonly target: Target; readonly lenses: readonly Lens[] } | undefined> {
    const { targets, progress, grader } = this.core;
    const exercise = await targets.exerciseAt(uri);
    return exercise && { target: { lab: exercise.lab, exercise: exercise.exercise.id }, lenses: lensesOf(exercise, progress.current, grader.isGrading(exercise)) };
  }

  dispose(): void {
    this.core.dispose();
  }
}
