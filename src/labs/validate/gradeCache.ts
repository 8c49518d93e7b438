import { createHash, type Hash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { ExerciseFolder } from '../../catalog/catalog.ts';
import type { RunnerHost } from '../../runtime/runnerHost.ts';
import type { Finding } from './finding.ts';

const Entry = Type.Array(Type.Object({ lab: Type.String(), what: Type.String(), problem: Type.Null() }));

/** Bundles beside the runner that decide what a grading comes to. */
const BUNDLES = ['kit.mjs', 'sqlite.cjs', 'node-sqlite3-wasm.wasm', 'strip-types.cjs'];

/**
 * What grading an exercise's own files came to, kept by content: the exercise's folder, the lab's own modules, the runner
 * with its bundles, and the Node it runs on. Only what had no problem is kept, so that a problem is looked at anew each time.
 */
export class GradeCache {
  #engine: Promise<Buffer> | undefined;

  constructor(
    private readonly dir: string,
    private readonly host: RunnerHost,
  ) {}

  /** The findings of before, or those that `grade` now gives. */
  async findings(folder: ExerciseFolder, grade: () => Promise<Finding[]>): Promise<Finding[]> {
    const file = join(this.dir, `${await this.#key(folder)}.json`);
    const kept = await readFile(file, 'utf8').then((text) => JSON.parse(text) as unknown).catch(() => undefined);
    if (Value.Check(Entry, kept)) return kept;
    const found = await grade();
    if (found.every(({ problem }) => problem === null)) await this.#keep(file, found);
    return found;
  }

  async #keep(file: string, found: readonly Finding[]): Promise<void> {
    const unfinished = `${file}.${process.pid}`;
    await mkdir(this.dir, { recursive: true });
    await writeFile(unfinished, JSON.stringify(found));
    await rename(unfinished, file);
  }

  async #key({ dir, lab, exercise }: ExerciseFolder): Promise<string> {
    const hash = createHash('sha256');
    add(hash, await (this.#engine ??= this.#engineHash()));
    add(hash, `${lab}/${exercise.id}`);
    const labDir = resolve(dir, '../..');
    const modules = (await readdir(labDir)).filter((name) => name.endsWith('.ts')).map((name) => join(labDir, name));
    for (const file of [...modules, ...(await filesIn(dir))].sort()) {
      add(hash, relative(labDir, file));
      add(hash, await readFile(file));
    }
    return hash.digest('hex');
  }

  async #engineHash(): Promise<Buffer> {
    const { runnerPath, execPath } = this.host;
    const hash = createHash('sha256');
    for (const part of [process.version, process.platform, process.arch, execPath]) add(hash, part);
    for (const file of [runnerPath, ...BUNDLES.map((name) => join(dirname(runnerPath), name))]) add(hash, await readFile(file));
    return hash.digest();
  }
}

/** With its length, so that what stands beside each other cannot pass for something else. */
function add(hash: Hash, part: string | Buffer): void {
  const bytes = Buffer.from(part);
  hash.update(`${bytes.length}\n`).update(bytes);
}

async function filesIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
