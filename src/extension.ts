import * as vscode from 'vscode';
import { hasBegun } from './vscode/begun.ts';
import { Changes } from './vscode/changes.ts';
import { registerCodeLenses } from './vscode/codeLens.ts';
import { registerCommands, type PackageJson } from './vscode/commands.ts';
import type { Core } from './vscode/core.ts';
import { PANEL_TYPE } from './vscode/ids.ts';
import { LabTree, registerViews } from './vscode/labTree.ts';
import { Lazy } from './vscode/lazy.ts';
import { Reporter } from './vscode/reporter.ts';
import { ExerciseTests } from './vscode/testController.ts';

/** What the integration tests look into; others get nothing. */
export interface TestApi {
  readonly core: Lazy<Core>;
  readonly tree: LabTree;
  readonly tests: ExerciseTests;
}

let core: Lazy<Core> | undefined;

/** Only wires: what costs time is loaded by the first command or view that needs it. */
export function activate(context: vscode.ExtensionContext): TestApi | undefined {
  const log = vscode.window.createOutputChannel('Backend Labs', { log: true });
  const reporter = new Reporter(log);
  const changes = new Changes();
  const lazyCore = new Lazy(async () => new (await import('./vscode/core.ts')).Core(context, reporter, changes));
  core = lazyCore;
  const tree = new LabTree(lazyCore, reporter, changes);
  const tests = new ExerciseTests(lazyCore, reporter, changes);
  const serializer: vscode.WebviewPanelSerializer = {
    deserializeWebviewPanel: async (panel, state) => reporter.guard('Restoring the panel', async () => (await lazyCore.get()).panels.restore(panel, state)),
  };
  context.subscriptions.push(
    log,
    changes,
    lazyCore,
    registerCommands(lazyCore, reporter, context.extension.packageJSON as PackageJson),
    registerViews(tree, hasBegun(context.globalState)),
    registerCodeLenses(lazyCore, changes),
    tests,
    vscode.window.registerWebviewPanelSerializer(PANEL_TYPE, serializer),
  );
  return context.extensionMode === vscode.ExtensionMode.Test ? { core: lazyCore, tree, tests } : undefined;
}

/** Waits for the labs' servers to end; disposables cannot wait. */
export async function deactivate(): Promise<void> {
  await core?.current?.servers.stopAll();
}
