import * as vscode from 'vscode';
import type { Grading } from './grading.ts';

/** What changed; views read the new state themselves. */
export type Change = 'labs' | 'progress' | 'grading' | 'run' | 'server';

/** Where changes are told. It is there from activation on, so that a view can listen before there is anything to change. */
export class Changes implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<Change>();
  private readonly graded = new vscode.EventEmitter<Grading>();
  readonly onDidChange = this.changed.event;
  readonly onDidGrade = this.graded.event;

  fire(change: Change): void {
    this.changed.fire(change);
  }

  fireGraded(grading: Grading): void {
    this.graded.fire(grading);
  }

  dispose(): void {
    this.changed.dispose();
    this.graded.dispose();
  }
}
