import * as vscode from 'vscode';
import type { ContextId } from './ids.ts';

/** Sets a context key that `when` clauses in package.json read. */
export function setContext(id: ContextId, value: boolean): void {
  void vscode.commands.executeCommand('setContext', id, value);
}
