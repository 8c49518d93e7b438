import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import type { ExerciseFolder } from '../catalog/catalog.ts';
import { simulateScenario } from '../labs/simulateScenario.ts';
import { HumanError } from '../shared/errors.ts';
import type { LabStore } from './labStore.ts';
import { parseScenarioText } from './scenarioText.ts';

/** Read-only documents of ours. Their URIs say all that is needed to make them again, so they survive a window reload. */
export const VIRTUAL_SCHEME = 'backend-labs';

/** `starter.ts` or `solution.ts` of an exercise. */
export function exerciseFileUri({ lab, exercise }: ExerciseFolder, name: 'starter' | 'solution'): vscode.Uri {
  return vscode.Uri.from({ scheme: VIRTUAL_SCHEME, authority: 'exercise', path: `/${lab}/${exercise.id}/${name}.ts` });
}

/** What the scenario in `source` comes to, as JSON. */
export function simulationUri(source: vscode.Uri): vscode.Uri {
  const name = basename(source.path).replace(/(\.scenario)?\.jsonc?$/, '');
  return vscode.Uri.from({ scheme: VIRTUAL_SCHEME, authority: 'simulation', path: `/${name}.simulated.json`, query: source.toString() });
}

export class VirtualDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly emitter = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.emitter.event;
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(VIRTUAL_SCHEME, this);

  constructor(private readonly labs: LabStore) {}

  /** Makes an open document anew. */
  refresh(uri: vscode.Uri): void {
    this.emitter.fire(uri);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    if (uri.authority === 'simulation') return this.simulation(vscode.Uri.parse(uri.query));
    const [lab = '', exercise = '', name = ''] = uri.path.split('/').slice(1);
    if (name !== 'starter.ts' && name !== 'solution.ts') throw new HumanError(`There is no such document: ${uri.toString()}.`);
    return readFile(join((await this.labs.exercise(lab, exercise)).dir, name), 'utf8');
  }

  dispose(): void {
    this.registration.dispose();
    this.emitter.dispose();
  }

  private async simulation(source: vscode.Uri): Promise<string> {
    const document = await vscode.workspace.openTextDocument(source);
    const { output } = simulateScenario(parseScenarioText(document.getText(), basename(source.path)));
    return `${JSON.stringify(output, null, 2)}\n`;
  }
}
