import * as vscode from 'vscode';
import type { Changes } from './changes.ts';
import { setContext } from './contextKeys.ts';
import { CONTEXTS } from './ids.ts';
import type { Targets } from './targets.ts';

/** Keeps the context key that says whether the active editor shows an exercise. */
export class ExerciseContext implements vscode.Disposable {
  private readonly listener: vscode.Disposable;

  constructor(
    private readonly targets: Targets,
    changes: Changes,
  ) {
    this.listener = vscode.Disposable.from(
      vscode.window.onDidChangeActiveTextEditor(() => void this.update()),
      changes.onDidChange((change) => change === 'labs' && void this.update()),
    );
    void this.update();
  }

  dispose(): void {
    this.listener.dispose();
    setContext(CONTEXTS.exerciseOpen, false);
  }

  private async update(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const found = editor && (await this.targets.exerciseAt(editor.document.uri));
    if (editor === vscode.window.activeTextEditor) setContext(CONTEXTS.exerciseOpen, found !== undefined);
  }
}
