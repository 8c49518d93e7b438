import * as vscode from 'vscode';
import { parseProgress, withoutLab } from '../labs/progress.ts';
import { HumanError } from '../shared/errors.ts';
import type { LabFolder } from '../catalog/catalog.ts';
import type { ProgressStore } from './progressStore.ts';

const FILTERS = { JSON: ['json'] };

/** Writes all progress to a file that the learner names. */
export async function exportProgress(store: ProgressStore): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const defaultUri = folder && vscode.Uri.joinPath(folder, 'backend-labs-progress.json');
  const uri = await vscode.window.showSaveDialog({ title: 'Export Progress', filters: FILTERS, ...(defaultUri ? { defaultUri } : {}) });
  if (!uri) throw new vscode.CancellationError();
  await vscode.workspace.fs.writeFile(uri, Buffer.from(`${JSON.stringify(store.current, null, 2)}\n`));
  void vscode.window.showInformationMessage(`Progress was written to ${uri.fsPath}.`);
}

/** Takes in a file of exported progress: its labs replace those here, other labs stay. */
export async function importProgress(store: ProgressStore): Promise<void> {
  const uri = (await vscode.window.showOpenDialog({ title: 'Import Progress', filters: FILTERS }))?.[0];
  if (!uri) throw new vscode.CancellationError();
  const imported = parseProgress(parseJson(Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8')));
  if (!imported) throw new HumanError(`${uri.fsPath} is no progress of Backend Labs that this version can read: choose a file that Export Progress wrote.`);
  await store.update((progress) => ({ ...progress, labs: { ...progress.labs, ...imported.labs } }));
  void vscode.window.showInformationMessage(`Progress of ${Object.keys(imported.labs).length} labs was imported.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Forgets what was done in a lab, after a question. The learner's files stay, and so does everything of other labs. */
export async function forgetProgress(store: ProgressStore, { lab }: LabFolder): Promise<void> {
  const before = store.current;
  const answer = await vscode.window.showWarningMessage(`Forget predictions, quiz answers and grades of "${lab.title}"? Your files stay.`, 'Forget', 'Keep');
  if (answer !== 'Forget') return;
  await store.update((progress) => withoutLab(progress, lab.id));
  const forgotten = before.labs[lab.id];
  void vscode.window.showInformationMessage(`The progress of "${lab.title}" is forgotten.`, 'Undo').then(async (chosen) => {
    if (chosen === 'Undo' && forgotten) await store.update((progress) => ({ ...progress, labs: { ...progress.labs, [lab.id]: forgotten } }));
  });
}
