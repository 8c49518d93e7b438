import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { LEARNER_FOLDER } from '../catalog/learnerFiles.ts';
import { CONFIGURATION, SETTINGS } from './ids.ts';
import { setting } from './settings.ts';

/**
 * The folder that the learner's files are put below: the open one (of several, the one that has such files already, else
 * the first), else the one that the learner picked; undefined where none is open and none was picked.
 */
export function learnerRoot(): string | undefined {
  const open = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
  const used = open.find((folder) => existsSync(join(folder, LEARNER_FOLDER)));
  return used ?? open[0] ?? (setting(SETTINGS.learnerFolder) || undefined);
}

/** The same, asking the learner for a folder where there is none. Throws a CancellationError when none is picked. */
export async function learnerRootOrAsk(): Promise<string> {
  return learnerRoot() ?? (await chooseLearnerRoot());
}

/** Asks for a folder and keeps the answer in the settings. */
export async function chooseLearnerRoot(): Promise<string> {
  const picked = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    openLabel: 'Put Exercises Here',
    title: `Exercises go to "${LEARNER_FOLDER}" below this folder`,
  });
  const folder = picked?.[0];
  if (!folder) throw new vscode.CancellationError();
  await vscode.workspace.getConfiguration(CONFIGURATION).update(SETTINGS.learnerFolder, folder.fsPath, vscode.ConfigurationTarget.Global);
  return folder.fsPath;
}
