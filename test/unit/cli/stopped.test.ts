import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AllGraded } from '../../../src/labs/gradeAll.ts';
import { processesWith } from '../../hostile/processesWith.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const LAB = '05-accept-queue';
/** Of the lab's three exercises: the first is passed, the second goes on until it is stopped, the third comes after it. */
const FIRST = 'survive-the-burst';
const SECOND = 'shed-load';
const THIRD = 'descriptor-leak';
const WAIT_MS = 30_000;

let dir: string;
/** Where the command line makes the folders of its runs. */
let temporary: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'stopped-'));
  temporary = join(dir, 'tmp');
  const lab = join(dir, 'backend-labs', LAB);
  await mkdir(temporary);
  await mkdir(lab, { recursive: true });
  for (const exercise of [FIRST, THIRD]) await copyFile(join(root, 'labs', LAB, 'exercises', exercise, 'solution.ts'), join(lab, `${exercise}.ts`));
  await writeFile(join(lab, `${SECOND}.ts`), 'for (;;);\n');
});
afterEach(() => rm(dir, { recursive: true }));

/** Starts a command, waits until its `run`-th run is under way, and stops it as Ctrl+C in a terminal does: a signal to its whole process group. */
async function stopped(args: readonly string[], run: number, signal: NodeJS.Signals): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [join(root, 'dist/cli.cjs'), ...args], { cwd: dir, env: { ...process.env, TMPDIR: temporary }, detached: true });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const closed = once(child, 'close');
  const seen = new Set<string>();
  const until = performance.now() + WAIT_MS;
  while (seen.size < run && child.exitCode === null && performance.now() < until) {
    for (const name of readdirSync(temporary)) seen.add(name);
    await sleep(10);
  }
  // A moment in which the program has come to its loop.
  await sleep(300);
  process.kill(-(child.pid as number), signal);
  const [code] = (await closed) as [number | null];
  return { code, out, err };
}

function expectNothingLeft(): void {
  expect(readdirSync(temporary)).toEqual([]);
  expect(processesWith(temporary)).toEqual([]);
}

describe.skipIf(process.platform !== 'linux')('stopped', () => {
  it.each([['SIGINT', 130], ['SIGTERM', 143]] as const)('by %s, grade --all writes what it graded so far, leaves nothing running, and ends with %i', async (signal, expected) => {
    const { code, out, err } = await stopped(['grade', '--all', '--learner', 'Ada', '--json', 'out.json', '--junit', 'out.xml'], 2, signal);
    expect(err).toBe('');
    expect(code, out).toBe(expected);
    expectNothingLeft();
    const all = JSON.parse(await readFile(join(dir, 'out.json'), 'utf8')) as AllGraded;
    expect(all.exercises.map(({ exercise, verdict, points }) => [exercise, verdict, points])).toEqual([[FIRST, 'passed', 10], [SECOND, 'cancelled', 0], [THIRD, 'cancelled', 0]]);
    expect(all).toMatchObject({ learner: 'Ada', points: 10 });
    const xml = await readFile(join(dir, 'out.xml'), 'utf8');
    expect(xml).toMatch(/<testsuite name="05-accept-queue\/survive-the-burst" tests="3" failures="0" errors="0" skipped="0"/);
    expect(xml).toMatch(/<testsuite name="05-accept-queue\/shed-load" tests="(\d)" failures="0" errors="0" skipped="\1"/);
    expect(out).toMatch(/survive-the-burst +passed +10\/10/);
    expect(out).toMatch(/shed-load +cancelled +0\/15/);
    expect(out).toContain(`Stopped by ${signal}. 1 of the 3 exercises that have a file was graded; the others are "cancelled" in the results.`);
  }, 60_000);

  it('grade says so, leaves nothing running, and ends with 130', async () => {
    expect(await stopped(['grade', `${LAB}/${SECOND}`], 1, 'SIGINT')).toEqual({ code: 130, out: '', err: 'Stopped by SIGINT.\n' });
    expectNothingLeft();
  }, 60_000);

  it('validate and run say so too', async () => {
    for (const args of [['validate', '--fresh'], ['run', LAB]]) {
      expect(await stopped(args, 1, 'SIGINT'), args[0]).toEqual({ code: 130, out: '', err: 'Stopped by SIGINT.\n' });
      expectNothingLeft();
    }
    expect(existsSync(join(dir, 'out.json'))).toBe(false);
  }, 60_000);
});
