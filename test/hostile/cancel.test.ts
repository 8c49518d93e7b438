import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gradeExercise } from '../../src/grading/gradeExercise.ts';
import type { RunnerHost } from '../../src/runtime/runnerHost.ts';
import type { Exercise } from '../../src/shared/lab.ts';
import { RandomStream } from '../../src/sim/engine/random.ts';
import type { Graded } from './driver.ts';
import { buildDriver, exerciseDir, nodePath, programPath, runnerPath, startDriver } from './driverProcess.ts';
import { processesWith } from './processesWith.ts';
import { testUsers } from './users.ts';

const exercise = JSON.parse(readFileSync(join(exerciseDir, 'exercise.json'), 'utf8')) as Exercise;
const random = new RandomStream(20, 'cancel');
/** Gradings of these take about this long. */
const LONGEST_MS = 1200;
const PROGRAMS = ['ignores-sigterm', 'detached-grandchild', 'loops-on-request'];
/** More of them in a soak. */
const CANCELS = Number(process.env.HOSTILE_CANCELS ?? 12);
const CASES = Array.from({ length: CANCELS }, (_, i) => ({ program: PROGRAMS[i % PROGRAMS.length]!, afterMs: Math.round(random.uniform(0, LONGEST_MS)) }));

describe.each(testUsers())('cancelled at any time, as $name', (user) => {
  const graded: Graded[] = [];

  beforeAll(async () => {
    await buildDriver();
    const onLine = (value: unknown): void => {
      if ('program' in (value as object)) graded.push(value as Graded);
    };
    const driver = startDriver(user, { programs: CASES.map(({ program }) => program), cancelAfterMs: CASES.map(({ afterMs }) => afterMs), atOnce: 1 }, onLine);
    await new Promise((resolve) => driver.once('close', resolve));
  }, 60_000 + CANCELS * 10_000);

  it.each(CASES.map((one, i) => ({ ...one, i })))('after $afterMs ms, a grading of $program leaves nothing', ({ program, i }) => {
    const { report, processes, files, ...found } = graded[i]!;
    expect(found.program).toBe(program);
    expect(['cancelled', 'passed', 'failed']).toContain(report.verdict);
    expect(processes).toEqual([]);
    expect(files).toEqual([]);
  });

  it('were cancelled, many of them', () => {
    expect(graded.filter(({ report }) => report.verdict === 'cancelled').length).toBeGreaterThan(CANCELS / 4);
  });
});

describe('cancelled at a bad moment', () => {
  const before = process.env.TMPDIR;
  beforeAll(() => {
    process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'cancel-'));
  });
  afterAll(() => {
    rmSync(process.env.TMPDIR!, { recursive: true });
    process.env.TMPDIR = before;
    if (before === undefined) delete process.env.TMPDIR;
  });

  const start = (program: string, token: string, signal: AbortSignal) => {
    const host: RunnerHost = { execPath: nodePath, runnerPath, env: { HOSTILE_TOKEN: token } };
    const path = programPath(program);
    return gradeExercise({ exercise: { dir: exerciseDir, lab: '90-plain-answers', exercise }, source: readFileSync(path, 'utf8'), path }, host, { signal });
  };

  it('when a grandchild has just left the process group, it goes too', async () => {
    const token = randomBytes(8).toString('hex');
    const cancel = new AbortController();
    const grading = start('detached-grandchild', token, cancel.signal);
    while (!processesWith(token).some(({ commandLine }) => commandLine.includes('setInterval'))) await sleep(5);
    cancel.abort();
    expect((await grading).verdict).toBe('cancelled');
    expect(processesWith(token)).toEqual([]);
    expect(readdirSync(process.env.TMPDIR!)).toEqual([]);
  });
});
