import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCatalog, type ExerciseFolder } from '../../../src/catalog/catalog.ts';
import { exerciseOf, learnerPath, previewReset, startExercise } from '../../../src/catalog/learnerFiles.ts';

let root: string;
let types: string;
let exercises: readonly ExerciseFolder[];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'learner-'));
  types = join(root, 'shipped-types');
  for (const name of ['node', 'undici-types']) {
    await mkdir(join(types, name), { recursive: true });
    await writeFile(join(types, name, 'index.d.ts'), 'export {};\n');
  }
  exercises = (await loadCatalog(['labs'])).labs.flatMap((lab) => lab.exercises);
});
afterEach(() => rm(root, { recursive: true }));

function burst(): ExerciseFolder {
  return exercises.find(({ exercise }) => exercise.id === 'survive-the-burst') as ExerciseFolder;
}

describe('a learner’s file', () => {
  it('is the starter, in the folder of its lab', async () => {
    const { path, created } = await startExercise(root, burst(), types);
    expect(created).toBe(true);
    expect(path).toBe(join(root, 'backend-labs', '05-accept-queue', 'survive-the-burst.ts'));
    expect(await readFile(path, 'utf8')).toBe(await readFile(join(burst().dir, 'starter.ts'), 'utf8'));
  });

  it('is never overwritten', async () => {
    const { path } = await startExercise(root, burst(), types);
    await writeFile(path, '// mine\n');
    expect(await startExercise(root, burst(), types)).toEqual({ path, created: false });
    expect(await readFile(path, 'utf8')).toBe('// mine\n');
  });

  it('keeps a learner’s own compiler settings', async () => {
    await mkdir(join(root, 'backend-labs'));
    await writeFile(join(root, 'backend-labs', 'tsconfig.json'), '{}');
    await startExercise(root, burst(), types);
    expect(await readFile(join(root, 'backend-labs', 'tsconfig.json'), 'utf8')).toBe('{}');
  });

  it('has what Reset would change', async () => {
    expect((await previewReset(root, burst())).current).toBeNull();
    const { path } = await startExercise(root, burst(), types);
    await writeFile(path, '// mine\n');
    const preview = await previewReset(root, burst());
    expect(preview.current).toBe('// mine\n');
    expect(preview.starter).toContain('createServer');
  });

  it('is found by its path, and no other file is', () => {
    expect(exerciseOf(learnerPath('/anywhere', burst()), exercises)).toBe(burst());
    expect(exerciseOf('C:\\me\\backend-labs\\05-accept-queue\\survive-the-burst.ts', exercises)).toBe(burst());
    expect(exerciseOf('/me/src/survive-the-burst.ts', exercises)).toBeUndefined();
  });

  it('says what to do where nothing can be written', async () => {
    await writeFile(join(root, 'backend-labs'), 'a file in the way');
    await expect(startExercise(root, burst(), types)).rejects.toThrow(/cannot be written.*Choose/);
  });

  it('gets the types that a later version ships', async () => {
    await startExercise(root, burst(), types);
    await mkdir(join(types, 'backend-labs'));
    await writeFile(join(types, 'backend-labs', 'sqlite.d.ts'), 'export {};\n');
    await startExercise(root, burst(), types);
    expect((await stat(join(root, 'backend-labs', '.types', 'backend-labs', 'sqlite.d.ts'))).isFile()).toBe(true);
  });

  it('has no type error, with nothing but what is shipped', async () => {
    for (const exercise of exercises) await startExercise(root, exercise, 'dist/types/@types');
    expect((await stat(join(root, 'backend-labs', '.types', 'node', 'index.d.ts'))).isFile()).toBe(true);
    const tsc = join(process.cwd(), 'node_modules', 'typescript', 'bin', 'tsc');
    expect(() => execFileSync(process.execPath, [tsc, '-p', join(root, 'backend-labs')], { stdio: 'pipe', cwd: root })).not.toThrow();
  }, 60_000);
});
