import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gradeExercise } from '../../src/grading/gradeExercise.ts';
import type { RunnerHost } from '../../src/runtime/runnerHost.ts';
import type { Exercise } from '../../src/shared/lab.ts';
import { RandomStream } from '../../src/sim/engine/random.ts';
import { exerciseDir, programPath, runnerPath } from './driverProcess.ts';
import { processesWith } from './processesWith.ts';

const exercise = JSON.parse(readFileSync(join(exerciseDir, 'exercise.json'), 'utf8')) as Exercise;
const random = new RandomStream(20, 'cancel');
/** A grading takes about this long. */
const LONGEST_MS = 600;
const TIMES = Array.from({ length: 10 }, () => Math.round(random.uniform(0, LONGEST_MS)));

describe('cancelled at any time', () => {
  const before = process.env.TMPDIR;
  beforeAll(() => {
    process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'cancel-'));
  });
  afterAll(() => {
    rmSync(process.env.TMPDIR!, { recursive: true });
    process.env.TMPDIR = before;
    if (before === undefined) delete process.env.TMPDIR;
  });

  it.each([...new Set(TIMES)])('after %i ms, a grading leaves nothing', async (afterMs) => {
    const token = randomBytes(8).toString('hex');
    const host: RunnerHost = { execPath: process.execPath, runnerPath, env: { HOSTILE_TOKEN: token } };
    const path = programPath('ignores-sigterm');
    const request = { exercise: { dir: exerciseDir, lab: '90-plain-answers', exercise }, source: readFileSync(path, 'utf8'), path };
    const report = await gradeExercise(request, host, { signal: AbortSignal.timeout(afterMs) });
    expect(['cancelled', 'passed']).toContain(report.verdict);
    expect(processesWith(token)).toEqual([]);
    expect(readdirSync(process.env.TMPDIR!)).toEqual([]);
  });
});
