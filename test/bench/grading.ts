import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadCatalog, type ExerciseFolder } from '../../src/catalog/catalog.ts';
import { gradeExercise } from '../../src/grading/gradeExercise.ts';

/** From Grade to the verdict, beyond what the exercise's scenario takes by itself: the median over all exercises. */
const MOST_BEYOND_MS = 2000;
/** From Grade to the first diagnostic of a file that does not parse: the median. */
const MOST_SYNTAX_MS = 200;
const BROKEN = "import { createServer } from 'node:http';\ncreateServer((request, response => response.end('ok'));\n";

const root = fileURLToPath(new URL('../..', import.meta.url));
const host = { execPath: process.execPath, runnerPath: join(root, 'dist/runner.cjs') };

/** Times each exercise's own solution, and a text that does not parse, `rounds` times each. Needs `npm run build`. */
export async function benchGrading(rounds: number, only: string): Promise<boolean> {
  const { labs } = await loadCatalog([join(root, 'labs')]);
  const exercises = labs.flatMap((lab) => lab.exercises).filter(({ lab, exercise }) => `${lab}/${exercise.id}`.includes(only));
  console.log(`${rounds} rounds, Node ${process.version}, load ${loadavg().map((load) => load.toFixed(1)).join(' ')}\n`);
  console.log('| exercise | to the verdict, ms | its scenario, ms | beyond, ms | does not parse, ms |\n|---|---|---|---|---|');
  const beyond: number[] = [];
  const syntax: number[] = [];
  for (const folder of exercises) {
    const { lab, exercise, dir } = folder;
    const solution = readFileSync(join(dir, 'solution.ts'), 'utf8');
    const wholeMs = median(await times(rounds, () => toVerdict(folder, solution, 'passed')));
    const brokenMs = median(await times(rounds, () => toVerdict(folder, BROKEN, 'failed')));
    beyond.push(wholeMs - exercise.scenarioMs);
    syntax.push(brokenMs);
    console.log(`| ${lab}/${exercise.id} | ${wholeMs.toFixed(0)} | ${exercise.scenarioMs} | ${(wholeMs - exercise.scenarioMs).toFixed(0)} | ${brokenMs.toFixed(0)} |`);
  }
  console.log(`| median | | | ${median(beyond).toFixed(0)} (at most ${MOST_BEYOND_MS}) | ${median(syntax).toFixed(0)} (at most ${MOST_SYNTAX_MS}) |`);
  return median(beyond) < MOST_BEYOND_MS && median(syntax) < MOST_SYNTAX_MS;
}

async function toVerdict(exercise: ExerciseFolder, source: string, verdict: string): Promise<number> {
  const began = performance.now();
  const report = await gradeExercise({ exercise, source, path: 'bench.ts', seed: 1 }, host);
  const tookMs = performance.now() - began;
  // A machine that is too busy to decide is timed all the same.
  if (report.verdict !== verdict && report.verdict !== 'unfit-machine') throw new Error(`${exercise.lab}/${exercise.exercise.id} came to ${report.verdict}, not to ${verdict}.`);
  return tookMs;
}

async function times(count: number, measure: () => Promise<number>): Promise<number[]> {
  const found: number[] = [];
  for (let i = 0; i < count; i++) found.push(await measure());
  return found;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number;
}
