import * as vscode from 'vscode';
import type { Changes } from './changes.ts';
import type { Engine } from './engine.ts';
import { COMMANDS, SETTINGS, type CommandId } from './ids.ts';
import type { Lazy } from './lazy.ts';
import { onSettingChange, setting } from './settings.ts';
import type { Target } from './targets.ts';

const LEARNER_FILES: vscode.DocumentSelector = { scheme: 'file', language: 'typescript', pattern: '**/backend-labs/*/*.ts' };

/** Grade, hints and the lab, above the first line of a learner's file. */
class ExerciseLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.emitter.event;
  private readonly listeners: vscode.Disposable;

  constructor(
    private readonly engine: Lazy<Engine>,
    changes: Changes,
  ) {
    this.listeners = vscode.Disposable.from(
      changes.onDidChange((change) => change !== 'run' && change !== 'server' && this.emitter.fire()),
      onSettingChange(SETTINGS.codeLens, () => this.emitter.fire()),
    );
  }

  async provideCodeLenses({ uri }: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!setting(SETTINGS.codeLens)) return [];
    const found = await (await this.engine.get()).lenses(uri);
    return found?.lenses.map(({ title, command }) => codeLens(title, command, found.target)) ?? [];
  }

  dispose(): void {
    this.listeners.dispose();
    this.emitter.dispose();
  }
}

function codeLens(title: string, command: CommandId, target: Target): vscode.CodeLens {
  const args = command === COMMANDS.openLab ? { lab: target.lab, step: 'fix' } : target;
  return new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), { title, command, arguments: [args] });
}

export function registerCodeLenses(engine: Lazy<Engine>, changes: Changes): vscode.Disposable {
  const lenses = new ExerciseLenses(engine, changes);
  return vscode.Disposable.from(vscode.languages.registerCodeLensProvider(LEARNER_FILES, lenses), lenses);
}
