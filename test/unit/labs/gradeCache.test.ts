import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExerciseFolder } from '../../../src/catalog/catalog.ts';
import type { Finding } from '../../../src/labs/validate/finding.ts';
import { GradeCache } from '../../../src/labs/validate/gradeCache.ts';

let root: string;
let folder: ExerciseFolder;
let graded: number;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'grade-cache-'));
  graded = 0;
  const dir = join(root, 'lab/exercises/x');
  await mkdir(join(dir, 'wrong'), { recursive: true });
  await mkdir(join(root, 'dist'));
  for (const file of ['lab/server.ts', 'lab/exercises/x/solution.ts', 'lab/exercises/x/wrong/a.ts', 'dist/runner.cjs', 'dist/kit.mjs', 'dist/sqlite.cjs', 'dist/node-sqlite3-wasm.wasm', 'dist/strip-types.cjs']) await writeFile(join(root, file), '1');
  folder = { dir, lab: 'lab', exercise: { id: 'x' } as ExerciseFolder['exercise'] };
});
afterEach(() => rm(root, { recursive: true }));

/** A cache of a process that has just begun. */
function findings(problem: string | null = null, execPath = '/node'): Promise<Finding[]> {
  return new GradeCache(join(root, 'cache'), { execPath, runnerPath: join(root, 'dist/runner.cjs') }).findings(folder, () => {
    graded++;
    return Promise.resolve([{ lab: 'lab', what: 'x/solution.ts', problem }]);
  });
}

describe('what validate graded', () => {
  it('is not graded again while nothing changes', async () => {
    const first = await findings();
    expect(await findings()).toEqual(first);
    expect(graded).toBe(1);
  });

  it.each(['lab/server.ts', 'lab/exercises/x/solution.ts', 'lab/exercises/x/wrong/a.ts', 'lab/exercises/x/wrong/new.ts', 'dist/runner.cjs', 'dist/kit.mjs', 'dist/sqlite.cjs', 'dist/node-sqlite3-wasm.wasm', 'dist/strip-types.cjs'])('is graded again where %s changes', async (file) => {
    await findings();
    await writeFile(join(root, file), '2');
    await findings();
    expect(graded).toBe(2);
  });

  it('is graded again on another Node', async () => {
    await findings();
    await findings(null, '/other/node');
    expect(graded).toBe(2);
  });

  it('is graded again where it had a problem, or where what was kept is broken', async () => {
    await findings('too slow');
    await findings();
    expect(graded).toBe(2);
    const [kept = ''] = await readdir(join(root, 'cache'));
    for (const text of ['[{"lab":', '{}', '[{"lab":"lab","what":"x","problem":"y"}]']) {
      await writeFile(join(root, 'cache', kept), text);
      expect(await findings()).toEqual([{ lab: 'lab', what: 'x/solution.ts', problem: null }]);
    }
    expect(graded).toBe(5);
  });
});
