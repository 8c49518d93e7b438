import * as vscode from 'vscode';
import { ActionableError } from './actionableError.ts';

/** Throws where the workspace is not trusted: `what` (a real run, grading) would start a program from it. */
export function requireTrust(what: string): void {
  if (vscode.workspace.isTrusted) return;
  throw new ActionableError(`${what} starts a program, and this workspace is not trusted. Trust it first; reading and simulating work without.`, {
    title: 'Manage Workspace Trust',
    command: 'workbench.trust.manage',
  });
}
