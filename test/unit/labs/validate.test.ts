import { cp, mkdtemp, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/labs/validate/finding.ts';
import { validateLabs } from '../../../src/labs/validate/validateLabs.ts';
import { writeTinyLab, type TinyExercise } from './tinyLab.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const host = { execPath: process.execPath, runnerPath: join(root, 'dist/runner.cjs') };
const LAB = '05-accept-queue';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'validate-'));
});
afterEach(() => rm(dir, { recursive: true }));

async function validate(grades: boolean): Promise<Finding[]> {
  return validateLabs([dir], grades ? host : null, { signal: AbortSignal.timeout(60_000), onProgress: () => undefined, cacheDir: null });
}

/** What is wrong with a copy of lab 05 after a change of one file; a text of null takes the file away. */
async function problems(file: string, change: (text: string) => string | null): Promise<string[]> {
  await cp(join(root, 'labs', LAB), join(dir, LAB), { recursive: true });
  const path = join(dir, LAB, file);
  const text = await readFile(path, 'utf8').catch(() => '');
  const changed = change(text);
  expect(changed).not.toBe(text);
  await (changed === null ? unlink(path) : writeFile(path, changed));
  // Its next lab is not beside it.
  return (await validate(false)).filter(({ problem }) => problem !== null && problem !== 'there is no lab "06-buffers"').map(({ what, problem }) => `${what}: ${problem ?? ''}`);
}

type Json = Record<string, unknown>;
const json = (change: (value: Json) => void) => (text: string): string => {
  const value = JSON.parse(text) as Json;
  change(value);
  return JSON.stringify(value);
};
const first = (list: unknown): Json => (list as Json[])[0] as Json;
const SHED = 'exercises/shed-load/exercise.json';

describe('reading a lab', () => {
  it.each<[string, string, (text: string) => string | null, RegExp]>([
    ['names a lab that there is not', 'lab.json', json((lab) => (lab.next = '77-nowhere')), /^related labs: there is no lab "77-nowhere"$/],
    ['answers a prediction with no quantity', 'lab.json', json((lab) => (first(lab.predictions).answer = 'nowhere')), /^predictions: there is no quantity "nowhere"$/],
    ['has an id twice', 'lab.json', json((lab) => ((lab.presets as Json[])[1]!.id = first(lab.presets).id)), /^ids: the id ".*" stands twice$/],
    ['compares with a wrong model that is none', 'lab.json', json((lab) => (first(lab.quantities).exposes = { name: 'None', patch: {} })), /^quantity connected-at-once: its wrong model predicts the same: \d+$/],
    ['has a question with two right answers', 'quiz.json', json((quiz) => (first(quiz.questions).options as Json[]).forEach((option, i) => (option.correct = i < 2))), /^question who-completes: 2 options are right; a single choice has one$/],
    ['has a question all of whose answers are right', 'quiz.json', json((quiz) => Object.assign(first(quiz.questions), { kind: 'multiple' }) && (first(quiz.questions).options as Json[]).forEach((option) => (option.correct = true))), /^question who-completes: all options are alike/],
    ['has an option without an explanation', 'quiz.json', json((quiz) => (first(first(quiz.questions).options).explanation = '')), /quiz\.json/],
    ['has points that do not add up', SHED, json((exercise) => (exercise.points = 99)), /^shed-load: references: its checks' points add up to 15, but "points" is 99$/],
    ['has a wrong solution for a check that there is not', SHED, json((exercise) => (first(exercise.wrong).fails = 'nowhere')), /^shed-load: references: there is no check "nowhere"$/],
    ['has a wrong solution for a hint that there is not', SHED, json((exercise) => (first(exercise.wrong).hint = 'nowhere')), /^shed-load: references: there is no hint "nowhere"$/],
    ['has a hint that no check gives', SHED, json((exercise) => ((exercise.hints as Json).spare = 'Nobody reads this.')), /^shed-load: hints: no check gives the hint "spare"$/],
    ['has a check that gives a hint which there is not', 'exercises/shed-load/check.ts', (text) => text.replace("hint: 'refuse-at-once'", "hint: 'refuse-at-twice'").concat("\n// 'refuse-at-once'\n"), /^shed-load: hints: check\.ts gives the hint "refuse-at-twice", which exercise\.json does not have$/],
    ['has no ladder', SHED, json((exercise) => (exercise.ladder = [])), /^shed-load: hints: the ladder has no hint/],
    ['starts processes and is not allowed to', 'exercises/shed-load/solution.ts', (text) => `import { fork } from 'node:child_process';\n${text}`, /^shed-load: allowances: solution\.ts starts processes/],
    ['has a stray file', 'notes.txt', () => 'x', /^files: stray: notes\.txt$/],
    ['has a stray wrong solution', 'exercises/shed-load/wrong/else.ts', () => 'x', /^shed-load: wrong solutions: stray: else\.ts$/],
    ['lacks a wrong solution', 'exercises/shed-load/wrong/destroy.ts', () => null, /^shed-load: wrong solutions: missing: destroy\.ts$/],
  ])('finds one that %s', async (_, file, change, sentence) => {
    const found = await problems(file, change);
    expect(found).toEqual([expect.stringMatching(sentence)]);
  });
});

const CHECK = `import { check } from 'backend-labs/kit';
export default ['one', 'two'].map((id) => check(id, async (t) => {
  t.expect((await t.http(await t.start(), { path: '/' + id })).body, { equals: id }, { what: 'The answer', hint: t.source.includes('FAR') ? 'far' : 'near' });
}));
`;
/** A server that answers so to /one and to /two. */
const answers = (one: string, two: string): string =>
  `import { createServer } from 'node:http';\ncreateServer((request, response) => response.end(request.url === '/one' ? '${one}' : '${two}')).listen({ host: '127.0.0.1', port: Number(process.env.PORT) });\n`;
const RIGHT = answers('one', 'two');
const NEITHER = answers('x', 'x');
const [ONE_WRONG, TWO_WRONG] = [answers('x', 'two'), answers('one', 'x')];

function exercise(id: string, files: Readonly<Record<string, string>> = {}): TinyExercise {
  const checks = ['one', 'two'].map((check) => ({ id: check, title: check, points: 1 }));
  const wrong = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`wrong/${name}.ts`, ONE_WRONG]));
  return { definition: { id, checks, hints: { near: 'Near.', far: 'Far.' } }, files: { 'check.ts': CHECK, 'starter.ts': NEITHER, 'solution.ts': RIGHT, ...wrong, ...files } };
}

describe('grading a lab’s own files', () => {
  it('finds each that does not come to what it should', async () => {
    await writeTinyLab(dir, '90-tiny', [
      exercise('good'),
      exercise('starters-pass', { 'starter.ts': RIGHT, 'solution.ts': TWO_WRONG }),
      exercise('starters-crash', { 'starter.ts': 'throw new Error("no");\n' }),
      exercise('wrong-ones', { 'wrong/a.ts': RIGHT, 'wrong/b.ts': NEITHER, 'wrong/c.ts': TWO_WRONG, 'wrong/d.ts': `${ONE_WRONG}// FAR\n` }),
    ]);
    const found = (await validate(true)).filter(({ what, problem }) => problem !== null && what.includes('/')).map(({ what, problem }) => `${what}: ${problem ?? ''}`);
    expect(found.toSorted()).toEqual([
      expect.stringMatching(/^starters-crash\/starter\.ts: a starter must run and fail a check, this came to: failed; one \(crashed, hint crashed\)/),
      expect.stringMatching(/^starters-pass\/solution\.ts: a solution must pass, this came to: failed; two \(wrong-answer, hint near\)/),
      'starters-pass/starter.ts: a starter must run and fail a check, this came to: passed',
      'wrong-ones/wrong/a.ts: it must fail only one and get the hint near, this came to: passed',
      expect.stringMatching(/^wrong-ones\/wrong\/b\.ts: .*; one \(wrong-answer, hint near\).*; two \(wrong-answer/),
      expect.stringMatching(/^wrong-ones\/wrong\/c\.ts: .*; two \(wrong-answer, hint near\)/),
      expect.stringMatching(/^wrong-ones\/wrong\/d\.ts: .*; one \(wrong-answer, hint far\)/),
    ]);
  }, 90_000);

  it('grades those that measure time one after another, with nothing beside them', async () => {
    const log = join(dir, 'log');
    // A clock that all processes of a machine have in common.
    const timed = (id: string): string => `import { appendFileSync } from 'node:fs';
${CHECK.replace('async (t) => {', `async (t) => {
  const begin = Number(process.hrtime.bigint());`).replace(/\}\)\);\n$/, `  appendFileSync(${JSON.stringify(log)}, JSON.stringify({ id: '${id}', begin, end: Number(process.hrtime.bigint()) }) + '\\n');
}));
`)}`;
    const ids = ['timed-a', 'timed-b', 'plain-a', 'plain-b'];
    await writeTinyLab(join(dir, 'labs'), '90-tiny', ids.map((id) => {
      const { definition, files } = exercise(id, { 'check.ts': timed(id) });
      return { definition: { ...definition, timing: id.startsWith('timed') }, files };
    }));
    await validateLabs([join(dir, 'labs')], host, { signal: AbortSignal.timeout(60_000), onProgress: () => undefined, cacheDir: null });
    const lines = (await readFile(log, 'utf8')).trim().split('\n').map((line) => JSON.parse(line) as { id: string; begin: number; end: number });
    const together = (id: string): string[] => {
      const own = lines.filter((line) => line.id === id);
      expect(own.length).toBeGreaterThan(4);
      return [...new Set(lines.filter((line) => line.id !== id && own.some(({ begin, end }) => line.begin < end && begin < line.end)).map((line) => line.id))];
    };
    expect(ids.map(together)).toEqual([[], [], ['plain-b'], ['plain-a']]);
  }, 90_000);
});
