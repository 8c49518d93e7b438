import { constants } from 'node:fs';
import { copyFile, cp, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HumanError, messageOf } from '../shared/errors.ts';
import type { ExerciseFolder } from './catalog.ts';

/** The folder, below the learner's, that holds everything this product writes there. */
export const LEARNER_FOLDER = 'backend-labs';

/** Where a learner's file of an exercise lives: `ROOT/backend-labs/05-accept-queue/shed-load.ts`. */
export function learnerPath(root: string, folder: ExerciseFolder): string {
  return join(root, LEARNER_FOLDER, folder.lab, `${folder.exercise.id}.ts`);
}

/** More than any exercise takes; what is larger was put there by mistake. */
const LONGEST_BYTES = 1024 ** 2;

/** A learner's text; null where there is no such file. Throws a HumanError where it is no text file that can be graded. */
export async function readLearnerFile(path: string): Promise<string | null> {
  const found = await stat(path).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new HumanError(`${path} cannot be read to be graded: ${messageOf(error)}.`);
  });
  if (!found) return null;
  // Never opened: a pipe would keep us waiting, a device has no end.
  if (!found.isFile()) throw new HumanError(`${path} is not a file that can be graded${found.isDirectory() ? ': it is a folder' : ''}.`);
  if (found.size > LONGEST_BYTES) throw new HumanError(`${path} has ${Math.round(found.size / 1000)} kB: an exercise's file has at most ${LONGEST_BYTES / 1024} KiB.`);
  return readFile(path, 'utf8').catch((error: unknown) => {
    throw new HumanError(`${path} cannot be read to be graded: ${messageOf(error)}.`);
  });
}

/**
 * Copies the starter to where the learner works, unless a file is there already: what a learner wrote is never overwritten.
 * `typesDir` holds `node`, `undici-types` and `backend-labs`, so that editing shows no error for want of types, offline.
 */
export async function startExercise(root: string, folder: ExerciseFolder, typesDir: string): Promise<{ path: string; created: boolean }> {
  const path = learnerPath(root, folder);
  try {
    await mkdir(dirname(path), { recursive: true });
    const created = await copyNew(join(folder.dir, 'starter.ts'), path);
    await provideTypes(join(root, LEARNER_FOLDER), typesDir);
    return { path, created };
  } catch (error) {
    throw new HumanError(`The exercise cannot be written to ${path}: ${messageOf(error)}. Choose another folder with "Backend Labs: Choose Learner Folder".`);
  }
}

/** True where the file was copied, false where one was there. */
async function copyNew(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

const TSCONFIG = {
  compilerOptions: {
    target: 'ES2023',
    lib: ['ES2023'],
    module: 'ESNext',
    moduleResolution: 'bundler',
    moduleDetection: 'force',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    erasableSyntaxOnly: true,
    allowImportingTsExtensions: true,
    types: ['node'],
    typeRoots: ['./.types'],
    paths: { 'undici-types': ['./.types/undici-types/index.d.ts'], 'backend-labs/sqlite': ['./.types/backend-labs/sqlite.d.ts'] },
  },
};

async function provideTypes(folder: string, typesDir: string): Promise<void> {
  const config = join(folder, 'tsconfig.json');
  await writeFile(config, `${JSON.stringify(TSCONFIG, null, 2)}\n`, { flag: 'wx' }).catch(ignoreExisting);
  const present = await Promise.all(['node/index.d.ts', 'backend-labs/sqlite.d.ts'].map((file) => stat(join(folder, '.types', file)).catch(() => undefined)));
  if (present.every((file) => file !== undefined)) return;
  await cp(typesDir, join(folder, '.types'), { recursive: true, force: false, errorOnExist: false });
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

/** What Reset would change: the file's text now (null where there is none) and the starter's. */
export async function previewReset(root: string, folder: ExerciseFolder): Promise<{ path: string; current: string | null; starter: string }> {
  const path = learnerPath(root, folder);
  const current = await readFile(path, 'utf8').catch(() => null);
  return { path, current, starter: await readFile(join(folder.dir, 'starter.ts'), 'utf8') };
}

/** The exercise that a learner's file belongs to, by the end of its path; undefined for any other file. */
export function exerciseOf(path: string, folders: readonly ExerciseFolder[]): ExerciseFolder | undefined {
  const parts = path.split(/[\\/]/).slice(-3);
  return folders.find((folder) => parts[0] === LEARNER_FOLDER && parts[1] === folder.lab && parts[2] === `${folder.exercise.id}.ts`);
}
