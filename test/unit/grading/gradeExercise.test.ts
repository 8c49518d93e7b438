import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { gradeExercise } from '../../../src/grading/gradeExercise.ts';
import type { Exercise } from '../../../src/shared/lab.ts';
import type { ExerciseReport } from '../../../src/shared/report.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const host = { execPath: process.execPath, runnerPath: join(root, 'dist/runner.cjs') };
const exercises = join(root, 'test/fixtures/labs/90-plain-answers/exercises');
const RIGHT = "import { createServer } from 'node:http';\ncreateServer((_, response) => response.end('ok')).listen(Number(process.env.PORT));\n";

function folder(name: string, change: Partial<Exercise> = {}) {
  const dir = join(exercises, name);
  return { dir, lab: '90-plain-answers', exercise: { ...(JSON.parse(readFileSync(join(dir, 'exercise.json'), 'utf8')) as Exercise), ...change } };
}

const grade = (name: string, source: string, more: { seed?: number; change?: Partial<Exercise> } = {}): Promise<ExerciseReport> =>
  gradeExercise({ exercise: folder(name, more.change), source, path: '/home/me/answers.ts', seed: more.seed }, host);

describe('grading', () => {
  it('gives all points to a right solution, and tells of each check by its title', async () => {
    const titles: string[] = [];
    const report = await gradeExercise({ exercise: folder('answers'), source: RIGHT, path: 'answers.ts' }, host, { onProgress: (title) => titles.push(title) });
    expect(report).toMatchObject({ verdict: 'passed', points: 3, of: 3 });
    expect(report.checks[0]?.steps).toEqual(['Start your server', 'Ask for /']);
    expect(titles).toEqual(['It answers', 'It answers more than once']);
  });

  it('points at the line, names what is wrong and gives the hint', async () => {
    const { verdict, checks } = await grade('answers', RIGHT.replace("'ok'", "'no'"));
    expect(verdict).toBe('failed');
    expect(checks[0]?.failure).toMatchObject({
      kind: 'wrong-answer',
      expected: '"ok"',
      actual: '"no"',
      steps: ['Start your server', 'Ask for /'],
      location: { line: 1, column: 0 },
      hint: { id: 'say-ok', text: 'End the response with ok.' },
    });
    expect(checks[1]?.outcome).toBe('passed');
  });

  it('shows what the program printed, with the file’s own name', async () => {
    const { output } = await grade('answers', `${RIGHT}console.log('hello', import.meta.url);\n`);
    expect(output).toContain('hello answers.ts');
  });

  it('draws the same from the same seed', async () => {
    const drawn = async (seed: number): Promise<string | undefined> => (await grade('breaks-down', '// SEED', { seed })).checks[0]?.failure?.message;
    const [first, again, other] = [await drawn(1), await drawn(1), await drawn(2)];
    expect(first).toMatch(/^drew \d+$/);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it('repeats what is about time before it says so, and keeps its hint', async () => {
    const { failure } = (await grade('breaks-down', '// SLOW')).checks[0]!;
    expect(failure?.message).toMatch(/So it was in [35] /);
    if (failure?.kind === 'too-slow') expect([failure.hint?.id, failure.message]).toEqual(['faster', expect.stringMatching(/^The time: expected at most 40 ms, got 50 ms\. That is 10 ms, or 25 %, too much\. So it was in (3 runs|\d of \d runs, [^:]*): 50 ms/)]);
    else expect(failure?.kind).toBe('unfit-machine');
  });
});

/** Where it is started first, one of its threads has its port already. */
const PORT_TAKEN_ONCE = `import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Worker } from 'node:worker_threads';
const listen = () => createServer((_, response) => response.end('ok')).listen(Number(process.env.PORT), '127.0.0.1');
if (existsSync('taken')) listen();
else {
  writeFileSync('taken', '');
  console.log('taken');
  new Worker("const { parentPort } = require('node:worker_threads'); require('node:net').createServer().listen(Number(process.env.PORT), '127.0.0.1', () => parentPort.postMessage(0))", { eval: true }).once('message', listen);
}
`;

describe('what is not the learner’s fault', () => {
  it('is a port that somebody else took before the program could', async () => {
    const { verdict, checks, output } = await grade('answers', PORT_TAKEN_ONCE);
    expect(verdict, JSON.stringify(checks)).toBe('passed');
    expect(output).toBe('');
  });

  it('is a bug in a check, told with the lab’s own line', async () => {
    const { verdict, checks } = await grade('breaks-down', '// BUG');
    expect(verdict).toBe('our-fault');
    expect(checks[0]?.failure?.message).toContain('no such thing');
    expect(checks[0]?.failure?.stack).toMatch(/exercises\/breaks-down\/check\.ts:7:/);
    expect(checks[1]?.outcome).toBe('passed');
  });

  it('is a check that holds its own process up', async () => {
    const { verdict, checks, durationMs } = await grade('breaks-down', '// DEAF');
    expect(verdict).toBe('our-fault');
    expect(checks[0]?.failure?.message).toMatch(/it had come to no end by itself/);
    expect(durationMs).toBeLessThan(2000 + 3000);
  });

  it('is an exercise whose files do not agree', async () => {
    const checks = [{ id: 'does', title: 'It does', points: 1 }];
    const report = await grade('breaks-down', '', { change: { checks } });
    expect(report.verdict).toBe('our-fault');
    expect(report.checks[0]?.failure?.message).toMatch(/exports the checks \[does, more\], but its exercise\.json names \[does\]/);
  });

  it('is a Node that cannot be started', async () => {
    const report = await gradeExercise({ exercise: folder('answers'), source: RIGHT, path: 'a.ts' }, { ...host, execPath: '/no/such/node' });
    expect(report.verdict).toBe('our-fault');
    expect(report.checks[0]?.failure?.message).toMatch(/not your fault: .*ENOENT/);
  });
});

describe('the time of an exercise', () => {
  it('ends a check that waits for ever, with its last step', async () => {
    const { verdict, checks, durationMs } = await grade('breaks-down', '// WAIT');
    expect(verdict).toBe('failed');
    expect(checks.map(({ outcome }) => outcome)).toEqual(['failed', 'skipped']);
    expect(checks[0]?.failure).toMatchObject({ kind: 'hung', message: `The exercise's 2 s were over during "Wait for ever".` });
    expect(durationMs).toBeGreaterThan(1900);
    expect(durationMs).toBeLessThan(2000 + 3000);
  });

  it('ends a program whose loop is busy, and says where', async () => {
    const { checks } = await grade('breaks-down', `${RIGHT}// WAIT START\nsetTimeout(function spin() {\n  for (;;);\n}, 100);\n`);
    expect(checks[0]?.failure).toMatchObject({ kind: 'hung', location: { line: 4 } });
    expect(checks[0]?.failure?.message).toMatch(/event loop is busy at line 5, in spin\(\)/);
  });

  it('is not waited for by who cancels', async () => {
    const report = await gradeExercise({ exercise: folder('breaks-down'), source: '// WAIT', path: 'a.ts' }, host, { signal: AbortSignal.abort() });
    expect(report).toMatchObject({ verdict: 'cancelled', points: 0 });
  });
});
