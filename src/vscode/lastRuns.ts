import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from '../shared/lab.ts';
import type { LabRun } from '../shared/report.ts';

interface Stored {
  readonly version: 1;
  /** A run says something only of the version of the lab that it was a run of. */
  readonly labVersion: number;
  readonly run: LabRun;
}

/** The last real run of each lab, in files of VS Code's storage, so that a window reload does not take it away. */
export class LastRuns {
  constructor(private readonly folder: string) {}

  /** undefined where there is none, or none that this version of the lab can show. */
  async read({ id, version }: Lab): Promise<LabRun | undefined> {
    try {
      const stored = JSON.parse(await readFile(this.file(id), 'utf8')) as Stored;
      return stored.version === 1 && stored.labVersion === version && stored.run.version === 1 ? stored.run : undefined;
    } catch {
      return undefined;
    }
  }

  /** Replaces the file as a whole, so that an end in the middle leaves the old one. */
  async write({ id, version }: Lab, run: LabRun): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const unfinished = `${this.file(id)}.${process.pid}`;
    const stored: Stored = { version: 1, labVersion: version, run };
    await writeFile(unfinished, JSON.stringify(stored));
    await rename(unfinished, this.file(id));
  }

  private file(lab: string): string {
    return join(this.folder, `${lab}.json`);
  }
}
