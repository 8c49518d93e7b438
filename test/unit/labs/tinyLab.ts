import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Exercise, Lab } from '../../../src/shared/lab.ts';

const from = fileURLToPath(new URL('../../../labs/05-accept-queue', import.meta.url));

/** An exercise of a lab on the disk: what is to be different in its `exercise.json`, and its files by their path in its folder. */
export interface TinyExercise {
  readonly definition: Partial<Exercise> & Pick<Exercise, 'id' | 'checks' | 'hints'>;
  readonly files: Readonly<Record<string, string>>;
}

/** Writes a lab into `dir`: lab 05's simulation, page and quiz, with these exercises of a test's own. */
export async function writeTinyLab(dir: string, id: string, exercises: readonly TinyExercise[]): Promise<void> {
  const lab = join(dir, id);
  await cp(from, lab, { recursive: true, filter: (file) => !file.startsWith(join(from, 'exercises')) });
  const definition = JSON.parse(await readFile(join(from, 'lab.json'), 'utf8')) as Lab;
  await writeFile(join(lab, 'lab.json'), JSON.stringify({ ...definition, id, exercises: exercises.map((one) => one.definition.id), prerequisites: [], next: undefined }));
  for (const one of exercises) await writeExercise(join(lab, 'exercises', one.definition.id), one);
}

async function writeExercise(dir: string, { definition, files }: TinyExercise): Promise<void> {
  const { checks, hints } = definition;
  const wrong = ['a', 'b', 'c', 'd'].map((name) => ({ file: `${name}.ts`, misconception: 'One', fails: checks[0]?.id, hint: Object.keys(hints)[0] }));
  const points = checks.reduce((sum, check) => sum + check.points, 0);
  const exercise = { version: 1, title: 'Tiny', summary: 'A test.', points, timeLimitMs: 12_000, scenarioMs: 50, ladder: ['Look.'], wrong, after: 'Nothing.', ...definition };
  const all: Readonly<Record<string, string>> = { 'starter.ts': '', 'solution.ts': '', 'README.md': '# Tiny\n', 'exercise.json': JSON.stringify(exercise), ...files };
  for (const [name, text] of Object.entries(all)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), text);
  }
}
