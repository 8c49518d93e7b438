import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import { gradeExercise } from '../../src/grading/gradeExercise.ts';

/**
 * Lab 04's known-wrong solutions, each graded so often: each time it fails its check, and no other, with its hint; and the solutions pass
 * each time. The first argument is how often.
 */
const RUNS = Number(process.argv[2] ?? 50);
const LAB = '04-many-threads';

const host = { execPath: process.execPath, runnerPath: join(import.meta.dirname, '../../dist/runner.cjs') };
const found = (await loadCatalog([join(import.meta.dirname, '../../labs')])).labs.find(({ lab }) => lab.id === LAB);
if (!found) throw new Error(`There is no lab ${LAB}.`);

const results: { file: string; runs: number; right: number; slowestMs: number }[] = [];
for (const folder of found.exercises) {
  const { exercise, dir } = folder;
  const files = [{ file: 'solution.ts', fails: null, hint: null }, ...exercise.wrong.map(({ file, fails, hint }) => ({ file: join('wrong', file), fails, hint }))];
  for (const { file, fails, hint } of files) {
    const result = { file: `${exercise.id}/${file}`, runs: RUNS, right: 0, slowestMs: 0 };
    for (let run = 0; run < RUNS; run++) {
      const { checks, durationMs } = await gradeExercise({ exercise: folder, source: readFileSync(join(dir, file), 'utf8'), path: join(dir, file) }, host);
      const failed = checks.filter((check) => check.outcome === 'failed');
      const caught = failed.length === 1 && failed[0]?.id === fails && failed[0].failure?.hint?.id === hint;
      if (fails === null ? checks.every((check) => check.outcome === 'passed') : caught) result.right++;
      result.slowestMs = Math.max(result.slowestMs, Math.round(durationMs));
    }
    results.push(result);
  }
}
process.exitCode = results.every(({ right, runs }) => right === runs) ? 0 : 1;
console.log(JSON.stringify({ runs: RUNS, results }));
