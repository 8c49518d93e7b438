import * as vscode from 'vscode';
import { CONFIGURATION, SETTINGS, type SettingId } from './ids.ts';

interface SettingTypes {
  readonly [SETTINGS.labFolders]: readonly string[];
  readonly [SETTINGS.learnerFolder]: string;
  readonly [SETTINGS.codeLens]: boolean;
  readonly [SETTINGS.timeLimitFactor]: number;
}

/** A setting as package.json types it; its default stands there. */
export function setting<S extends SettingId>(id: S): SettingTypes[S] {
  return vscode.workspace.getConfiguration(CONFIGURATION).get(id) as SettingTypes[S];
}

export function onSettingChange(id: SettingId, listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(`${CONFIGURATION}.${id}`)) listener();
  });
}
