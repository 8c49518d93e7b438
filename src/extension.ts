import * as vscode from 'vscode';
import { whatHasBegun } from './vscode/begun.ts';
import { Changes } from './vscode/changes.ts';
import { registerCodeLenses } from './vscode/codeLens.ts';
import { registerCommands, type PackageJson } from './vscode/commands.ts';
import { setBegun } from './vscode/contextKeys.ts';
import type { Engine } from './vscode/engine.ts';
import { PANEL_TYPE } from './vscode/ids.ts';
import { LabTree, registerViews } from './vscode/labTree.ts';
import { Lazy } from './vscode/lazy.ts';
import { Reporter } from './vscode/reporter.ts';
import { ExerciseTests } from './vscode/testController.ts';

/** What the integration tests look into; others get nothing. */
export interface TestApi {
  readonly engine: Lazy<Engine>;
  readonly tree: LabTree;
  readonly tests: ExerciseTests;
}

let engine: Lazy<Engine> | undefined;

/** Only wires: what costs time is loaded by the first command or view that needs it. */
export function activate(context: vscode.ExtensionContext): TestApi | undefined {
  const log = vscode.window.createOutputChannel('Backend Labs', { log: true });
  const reporter = new Reporter(log);
  const changes = new Changes();
  const lazy = new Lazy(async () => new (await import('./vscode/engine.ts')).Engine(context, reporter, changes));
  engine = lazy;
  const tree = new LabTree(lazy, reporter, changes);
  const tests = new ExerciseTests(lazy, reporter, changes);
  const serializer: vscode.WebviewPanelSerializer = {
    deserializeWebviewPanel: async (panel, state) => reporter.guard('Restoring the panel', async () => (await lazy.get()).core.panels.restore(panel, state)),
  };
  setBegun(whatHasBegun(context.globalState));
  context.subscriptions.push(
    log,
    changes,
    lazy,
    registerCommands(lazy, reporter, context.extension.packageJSON as PackageJson),
    registerViews(tree),
    registerCodeLenses(lazy, changes),
    tests,
    vscode.window.registerWebviewPanelSerializer(PANEL_TYPE, serializer),
  );
  return context.extensionMode === vscode.ExtensionMode.Test ? { engine: lazy, tree, tests } : undefined;
}

/** Waits for the labs' servers to end; disposables cannot wait. */
export async function deactivate(): Promise<void> {
  await engine?.current?.core.servers.stopAll();
}
