import * as vscode from 'vscode';
import type { ExerciseFolder } from '../catalog/catalog.ts';
import type { Changes } from './changes.ts';
import type { Core } from './core.ts';
import { COMMANDS, SETTINGS, type CommandId } from './ids.ts';
import type { Lazy } from './lazy.ts';
import { onSettingChange, setting } from './settings.ts';

const LEARNER_FILES: vscode.DocumentSelector = { scheme: 'file', language: 'typescript', pattern: '**/backend-labs/*/*.ts' };

/** Grade, hints and the lab, above the first line of a learner's file. */
class ExerciseLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.emitter.event;
  private readonly listeners: vscode.Disposable;

  constructor(
    private readonly core: Lazy<Core>,
    changes: Changes,
  ) {
    this.listeners = vscode.Disposable.from(
      changes.onDidChange((change) => change !== 'run' && change !== 'server' && this.emitter.fire()),
      onSettingChange(SETTINGS.codeLens, () => this.emitter.fire()),
    );
  }

  async provideCodeLenses({ uri }: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!setting(SETTINGS.codeLens)) return [];
    const core = await this.core.get();
    const exercise = await core.targets.exerciseAt(uri);
    if (!exercise) return [];
    const { lensesOf } = await import('./lenses.ts');
    const target = { lab: exercise.lab, exercise: exercise.exercise.id };
    return lensesOf(exercise, core.progress.current, core.grader.isGrading(exercise)).map((lens) => codeLens(lens.title, lens.command, target));
  }

  dispose(): void {
    this.listeners.dispose();
    this.emitter.dispose();
  }
}

function codeLens(title: string, command: CommandId, target: { readonly lab: ExerciseFolder['lab']; readonly exercise: string }): vscode.CodeLens {
  const args = command === COMMANDS.openLab ? { lab: target.lab, step: 'fix' } : target;
  return new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), { title, command, arguments: [args] });
}

export function registerCodeLenses(core: Lazy<Core>, changes: Changes): vscode.Disposable {
  const lenses = new ExerciseLenses(core, changes);
  return vscode.Disposable.from(vscode.languages.registerCodeLensProvider(LEARNER_FILES, lenses), lenses);
}
