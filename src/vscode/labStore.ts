import { join } from 'node:path';
import * as vscode from 'vscode';
import { loadCatalog, type Catalog, type ExerciseFolder, type LabFolder } from '../catalog/catalog.ts';
import { HumanError } from '../shared/errors.ts';
import type { Changes } from './changes.ts';
import { SETTINGS } from './ids.ts';
import { onSettingChange, setting } from './settings.ts';

/** The labs that there are: those that come with the extension and those in the folders that a setting names. */
export class LabStore implements vscode.Disposable {
  private reading: Promise<Catalog> | undefined;
  private readonly listener: vscode.Disposable;

  constructor(
    private readonly builtIn: string,
    private readonly changes: Changes,
  ) {
    this.listener = onSettingChange(SETTINGS.labFolders, () => this.refresh());
  }

  /** All labs and what is no lab though it should be one; read once, until `refresh`. */
  catalog(): Promise<Catalog> {
    this.reading ??= loadCatalog([this.builtIn, ...setting(SETTINGS.labFolders)]);
    return this.reading;
  }

  refresh(): void {
    this.reading = undefined;
    this.changes.fire('labs');
  }

  async lab(id: string): Promise<LabFolder> {
    const { labs } = await this.catalog();
    const found = labs.find(({ lab }) => lab.id === id);
    if (!found) throw new HumanError(`There is no lab "${id}": it is one of ${labs.map(({ lab }) => lab.id).join(', ')}.`);
    return found;
  }

  async exercise(lab: string, id: string): Promise<ExerciseFolder> {
    const folder = await this.lab(lab);
    const found = folder.exercises.find(({ exercise }) => exercise.id === id);
    if (!found) throw new HumanError(`The lab ${lab} has no exercise "${id}": it has ${folder.lab.exercises.join(', ')}.`);
    return found;
  }

  async exercises(): Promise<readonly ExerciseFolder[]> {
    return (await this.catalog()).labs.flatMap(({ exercises }) => exercises);
  }

  dispose(): void {
    this.listener.dispose();
  }
}

/** Where the labs lie that come with the extension. */
export function builtInLabs(context: vscode.ExtensionContext): string {
  return join(context.extensionPath, 'labs');
}
