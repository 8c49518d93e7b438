import * as vscode from 'vscode';
import type { Begun } from './begun.ts';
import { CONTEXTS, type ContextId } from './ids.ts';

/** Sets a context key that `when` clauses in package.json read. */
export function setContext(id: ContextId, value: boolean): void {
  void vscode.commands.executeCommand('setContext', id, value);
}

/** Sets the keys of what was done, which the welcome view and the walkthrough read. */
export function setBegun({ begun, predicted, ran, graded }: Begun): void {
  setContext(CONTEXTS.begun, begun);
  setContext(CONTEXTS.predicted, predicted);
  setContext(CONTEXTS.ran, ran);
  setContext(CONTEXTS.graded, graded);
}
