import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LearnerFile } from '../../../src/kit/learnerFile.ts';
import { explore } from '../../../src/kit/threads/explore.ts';
import { runFreely } from '../../../src/kit/threads/freeRun.ts';
import { loadProgram } from '../../../src/kit/threads/loadProgram.ts';
import type { Explored, ExplorePlan, FreeRun } from '../../../src/kit/threads/messages.ts';
import { related, sentence, whereOf } from '../../../src/kit/threads/sentences.ts';
import { stripTypes } from '../../../src/kit/stripTypes.ts';
import { simulateThreads } from '../../../src/sim/threads/simulate.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const runnerPath = join(root, 'dist/runner.cjs');
let folder: string;
let programs: string;
let files = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'backend-labs-run-'));
  for (const each of ['learner', 'lab/node_modules/backend-labs']) mkdirSync(join(folder, each), { recursive: true });
  const kit = join(folder, 'lab/node_modules/backend-labs');
  writeFileSync(join(kit, 'package.json'), '{"type":"module","exports":{"./kit":"./kit.js"}}');
  symlinkSync(join(root, 'dist/kit.mjs'), join(kit, 'kit.js'));
  const module = join(folder, 'lab/threads.mjs');
  writeFileSync(module, await stripTypes(readFileSync(join(root, 'test/fixtures/threads/threads.ts'), 'utf8')));
  programs = pathToFileURL(module).href;
});
afterAll(() => rmSync(folder, { recursive: true }));

const PART = 'export function part(x, t) {\n';

function written(source: string): LearnerFile {
  const path = join(folder, 'learner', `part${files++}.mjs`);
  writeFileSync(path, source);
  return new LearnerFile(source, 'part.ts', path);
}

async function explored(source: string, program = 'two', change: Partial<ExplorePlan> = {}): Promise<Explored & { file: LearnerFile }> {
  const file = written(source);
  const plan: ExplorePlan = { program, preemptions: 2, limit: 20_000, fair: false, mustSleep: false, ...change };
  const found = await explore({ program: await loadProgram(programs, program), plan, crew: { runnerPath, learner: pathToFileURL(file.modulePath).href, programs }, outcomes: true });
  return { ...found, file };
}

async function ranFreely(source: string, program: string, rounds: number): Promise<FreeRun> {
  const crew = { runnerPath, learner: pathToFileURL(written(source).modulePath).href, programs };
  return runFreely(await loadProgram(programs, program), { program, rounds, timeoutMs: 1000 }, crew);
}

describe('exploring real threads', () => {
  it('runs every interleaving once, as many with each outcome as the model counts', async () => {
    const { interleavings, complete, broken, outcomes } = await explored(`${PART}const r = x[0];\nt.pause('add');\nx[0] = r + 1;\n}`, 'two', { preemptions: null });
    const { output } = simulateThreads({ kind: 'threads', memory: { x: 0 }, threads: { A: ['load r x', 'add r 1', 'store x r'], B: ['load r x', 'add r 1', 'store x r'] } });
    expect({ interleavings, complete, broken }).toEqual({ interleavings: output.interleavings, complete: true, broken: null });
    const counted = outcomes.map(({ memory, interleavings: count, serial, schedule }) => [memory['x[0]'], count, serial, schedule.map((thread) => 'AB'[thread]).join('')]);
    expect(counted).toEqual([[2, 2, true, 'AAABBB'], [1, 18, false, 'AABBBA']]);
    expect(output.outcomes.map((outcome) => [outcome.memory.x, outcome.interleavings])).toEqual([[1, 18], [2, 2]]);
  });

  it('takes the turn from a thread that could go on only as often as it may', async () => {
    const three = `${PART}for (let i = 0; i < 3; i++) t.pause('');\n}`;
    // With no preemption 2 orders, with one 4 more, with two 8 more; those with fewer are run again with more.
    for (const [preemptions, orders] of [[0, 2], [1, 2 + 6], [2, 2 + 6 + 14]] as const) expect((await explored(three, 'two', { preemptions })).interleavings).toBe(orders);
  });

  it.each([
    'x[0]++',
    'new Int32Array(x.buffer)[0]++',
    'Atomics.store(x, 0, Atomics.load(x, 0) + 1)',
    'const old = Atomics.load(x, 0); Atomics.compareExchange(x, 0, old, old + 1)',
  ])('finds the lost update of %s', async (code) => {
    const { broken } = await explored(`${PART}${code};\n}`, 'counting');
    expect(broken).toMatchObject({ kind: 'wrong-end', message: 'x is 1.', hint: 'lost', preemptions: 1 });
    expect(broken?.steps.map(({ before, after }) => [before, after])).toContainEqual([1, 1]);
  });

  it('passes an atomic one, in all interleavings', async () => {
    expect(await explored(`${PART}Atomics.add(x, 0, 1);\n}`, 'counting', { preemptions: null })).toMatchObject({ interleavings: 2, complete: true, broken: null });
  });

  it('tells each step with its line, and the schedule', async () => {
    const { broken, file } = await explored(`${PART}const r = x[0];\n\nx[0] = r + 1;\n}`, 'counting');
    expect(sentence(broken!, file)).toBe('x is 1, in the order ABBA.');
    expect(related(broken!, file).map(({ location, message }) => `${location.line}: ${message}`)).toEqual([
      '1: 1. A: x[0] → 0',
      '1: 2. B: x[0] → 0',
      '3: 3. B: x[0] = 1, x[0]: 0 → 1',
      '3: 4. A: x[0] = 1',
    ]);
  });

  it.each([
    ['never-woken', 'if (Atomics.add(x, 0, 1) === 0) Atomics.wait(x, 1, 0);\nelse Atomics.store(x, 1, 1);'],
    ['lost-wake-up', 'if (t.number === 1) { if (Atomics.load(x, 0) === 0) Atomics.wait(x, 1, 0); }\nelse { Atomics.store(x, 0, 1); Atomics.notify(x, 1); }'],
    ['stranded', 'if (t.number < 3) Atomics.wait(x, 1, 0);\nelse Atomics.notify(x, 1, 1);'],
    ['deadlock', 'const mine = t.number - 1; t.lock(mine);\nt.lock(1 - mine); t.unlock(0); t.unlock(1);'],
  ])('finds threads that are stuck, and says how: %s', async (kind, code) => {
    const { broken, file } = await explored(`${PART}${code}\n}`, kind === 'stranded' ? 'three' : 'two');
    expect(broken?.kind).toBe(kind);
    expect(sentence(broken!, file)).toMatch(/^Nobody can go on after \d+ steps in the order [ABC]+: .*(nobody is left to wake|which B holds, B waits for lock 0, which A holds)/);
    expect(whereOf(broken!, file)?.line).toBe(kind === 'deadlock' ? 2 : 1);
  });

  it('wakes who sleeps longest first', async () => {
    const { broken } = await explored(`${PART}if (t.number < 3) Atomics.wait(x, 1, 0);\nelse Atomics.notify(x, 1, 1);\n}`, 'three');
    const first = broken?.steps.find(({ sleeps }) => sleeps !== undefined)?.thread;
    const woken = broken?.steps.flatMap(({ woke }) => woke ?? []);
    expect(woken).toEqual([first]);
  });

  it('hears every thread that spins, and ends what has no end', async () => {
    expect(await explored(`${PART}if (t.number === 1) while (Atomics.load(x, 0) === 0);\nelse Atomics.store(x, 0, 1);\n}`)).toMatchObject({ complete: true, broken: null });
    expect((await explored(`${PART}while (Atomics.load(x, 0) === 0);\n}`)).broken?.kind).toBe('endless');
    expect((await explored(`${PART}while (Atomics.load(x, 0) === 0);\n}`, 'two', { mustSleep: true })).broken?.kind).toBe('busy');
  });

  it('finds two inside at once, and who is overtaken', async () => {
    expect((await explored(`${PART}t.enter();\nx[0]++;\nt.leave();\n}`)).broken).toMatchObject({ kind: 'overlap', by: 1, other: 0 });
    const barging = `${PART}for (let i = 0; i < 2; i++) { t.come(); while (Atomics.exchange(x, 0, 1) !== 0) Atomics.wait(x, 0, 1);\nt.enter(); t.leave(); Atomics.store(x, 0, 0); Atomics.notify(x, 0); }\n}`;
    expect((await explored(barging, 'two', { fair: true })).broken?.kind).toBe('overtaken');
    expect((await explored(barging)).broken).toBeNull();
  });

  it('says so where the same order does not do the same again', async () => {
    const { broken, file } = await explored(`let calls = 0;\n${PART}if (t.number === 1 && ++calls === 3) t.fail('third call', 'none');\nx[0] = 1;\n}`);
    expect(sentence(broken!, file)).toMatch(/^Run once more in the same order, your code did something else/);
  });

  it('has sixteen locks, and says so of any other', async () => {
    const { broken, file } = await explored(`${PART}t.lock(15);\nt.unlock(15);\nx[0] = 1;\nt.lock(16);\n}`);
    expect(sentence(broken!, file)).toMatch(/RangeError: There is no lock 16: they go from 0 to 15\./);
  });

  it('tells what was thrown, and where', async () => {
    const { broken, file } = await explored(`${PART}x[0] = 1;\nthrow new RangeError('no');\n}`);
    expect(sentence(broken!, file)).toMatch(/^Your code threw in A: RangeError: no, in the order A/);
    expect(whereOf(broken!, file)?.line).toBe(2);
  });

  it.each([
    ['export const other = 1;', /exports no function part/],
    ["throw new Error('early');", /broke down while it was loaded: Error: early/],
    ['process.exit(3);', /ended by itself/],
  ])('says why a file cannot be used: %s', async (source, message) => {
    expect((await explored(source)).unusable).toMatchObject({ kind: 'unusable', message: expect.stringMatching(message) as string });
  });
});

describe('running threads freely', () => {
  it('runs all rounds of all threads at once', async () => {
    expect(await ranFreely(`${PART}Atomics.add(x, 0, 1);\n}`, 'counting', 10_000)).toMatchObject({ ended: true, failure: null, memory: { x: [20_000, 0] } });
  });

  it('keeps the kit’s locks', async () => {
    expect(await ranFreely(`${PART}t.lock(3);\nt.enter();\nx[0]++;\nt.leave();\nt.unlock(3);\n}`, 'counting', 2000)).toMatchObject({ ended: true, failure: null });
  });

  it('ends what sleeps for ever, and what throws', async () => {
    expect(await ranFreely(`${PART}Atomics.wait(x, 0, 0);\n}`, 'two', 1)).toMatchObject({ ended: false, failure: null });
    expect((await ranFreely(`${PART}throw new Error('no');\n}`, 'two', 1)).failure?.message).toBe('Error: no');
  });
});
