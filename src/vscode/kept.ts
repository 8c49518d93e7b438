import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Stored<R> {
  readonly version: 2;
  /** A result says something only of the version of the lab, or of the exercise, that it was a result of. */
  readonly of: number;
  readonly result: R;
}

/** The last result for each lab or exercise, in files of VS Code's storage, so that a window reload does not take it away. */
export class Kept<R extends { readonly version: 1 }> {
  constructor(private readonly folder: string) {}

  /** undefined where there is none, or none that is of version `of`. `key` is made of ids. */
  async read(key: string, of: number): Promise<R | undefined> {
    try {
      const stored = JSON.parse(await readFile(this.file(key), 'utf8')) as Stored<R>;
      return stored.version === 2 && stored.of === of && stored.result.version === 1 ? stored.result : undefined;
    } catch {
      return undefined;
    }
  }

  /** Replaces the file as a whole, so that an end in the middle leaves the old one. */
  async write(key: string, of: number, result: R): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const unfinished = `${this.file(key)}.${process.pid}`;
    const stored: Stored<R> = { version: 2, of, result };
    await writeFile(unfinished, JSON.stringify(stored));
    await rename(unfinished, this.file(key));
  }

  async remove(key: string): Promise<void> {
    await rm(this.file(key), { force: true });
  }

  private file(key: string): string {
    return join(this.folder, `${key}.json`);
  }
}
