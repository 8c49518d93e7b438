import { execFile, execFileSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { splitOutputs } from '../../../src/cli/outputs.ts';
import type { AllGraded } from '../../../src/labs/gradeAll.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const exercises = join(root, 'labs/05-accept-queue/exercises');

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'grade-all-'));
});
afterAll(() => rm(dir, { recursive: true }));

function cli(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [join(root, 'dist/cli.cjs'), ...args], { timeout: 60_000, cwd: dir }, (_, out, err) => resolve({ code: child.exitCode ?? -1, out, err }));
  });
}

/** A learner's folder with these files of lab 05. */
async function learner(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const lab = join(dir, name, 'backend-labs/05-accept-queue');
  await mkdir(lab, { recursive: true });
  for (const [file, from] of Object.entries(files)) await copyFile(join(exercises, from), join(lab, file));
  return join(dir, name);
}

describe('backend-labs grade --all', () => {
  it('grades what has a file, writes both forms, names what belongs to no exercise, and ends with 1 where one failed', async () => {
    const folder = await learner('ada', { 'descriptor-leak.ts': 'descriptor-leak/solution.ts', 'survive-the-burst.ts': 'survive-the-burst/wrong/report-left-out.ts', 'shed_load.ts': 'shed-load/starter.ts' });
    const { code, out, err } = await cli('grade', '--all', folder, '--learner', 'Ada', '--junit', 'ada.xml', '--json', 'ada.json');
    expect(err).toBe('');
    expect(out).toMatch(/05-accept-queue\/descriptor-leak +passed +15\/15/);
    expect(out).toContain('Of no exercise: backend-labs/05-accept-queue/shed_load.ts');
    const all = JSON.parse(await readFile(join(dir, 'ada.json'), 'utf8')) as AllGraded;
    expect(all).toMatchObject({ version: 1, learner: 'Ada', notStarted: expect.arrayContaining([{ lab: '05-accept-queue', exercise: 'shed-load', of: 15 }]) as unknown });
    expect(all.exercises.map(({ exercise, verdict, file }) => [exercise, verdict, file])).toEqual([
      ['survive-the-burst', 'failed', 'backend-labs/05-accept-queue/survive-the-burst.ts'],
      ['descriptor-leak', 'passed', 'backend-labs/05-accept-queue/descriptor-leak.ts'],
    ]);
    expect(await readFile(join(dir, 'ada.xml'), 'utf8')).toMatch(/<testsuite name="05-accept-queue\/survive-the-burst" tests="3" failures="1"/);
    expect(code).toBe(1);
  }, 60_000);

  it('ends with 0 where all that were begun are passed, and gives one JSON object without a file for it', async () => {
    const folder = await learner('bob', { 'descriptor-leak.ts': 'descriptor-leak/solution.ts' });
    const { code, out } = await cli('grade', '--all', folder, '--json');
    expect(JSON.parse(out)).toMatchObject({ points: 15, learner: null });
    expect(code).toBe(0);
  }, 60_000);

  it('ends with 2 and a sentence, before it grades anything, where a file cannot be graded', async () => {
    const folder = await learner('cyd', { 'descriptor-leak.ts': 'descriptor-leak/solution.ts' });
    const file = join(folder, 'backend-labs/05-accept-queue/shed-load.ts');
    await mkdir(file);
    expect(await cli('grade', '--all', folder)).toEqual({ code: 2, out: '', err: `${file} is not a file that can be graded: it is a folder.\n` });
    await rm(file, { recursive: true });
    await writeFile(file, `// ${'x'.repeat(2e6)}`);
    expect(await cli('grade', '05/shed-load', file)).toMatchObject({ code: 2, err: expect.stringMatching(/has 2000 kB: an exercise's file has at most 1024 KiB/) as unknown });
  });

  it('ends with 2 and a sentence, before it grades anything, where a folder of labs cannot be read', async () => {
    const folder = await learner('dot', { 'descriptor-leak.ts': 'descriptor-leak/solution.ts' });
    expect(await cli('grade', '--all', folder, '--labs', 'nowhere')).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/^Nothing was graded: The lab folder nowhere cannot be read: ENOENT/) as unknown });
  });

  it('grades the other files where one does not parse, and says at which line', async () => {
    const folder = await learner('fay', { 'descriptor-leak.ts': 'descriptor-leak/solution.ts' });
    await writeFile(join(folder, 'backend-labs/05-accept-queue/shed-load.ts'), 'const limit = 3;\nconst = ;\n');
    const { code, out } = await cli('grade', '--all', folder);
    expect(code).toBe(1);
    expect(out).toMatch(/shed-load\.ts:2:\d+\n +Line 2 does not parse: .*\n +hint: Nothing runs until the whole file parses/);
    expect(out).toMatch(/descriptor-leak +passed +15\/15/);
  }, 60_000);

  it('ends with 2 and a sentence where there is nothing to grade', async () => {
    const { code, err } = await cli('grade', '--all', await learner('nobody', {}));
    expect([code, err]).toEqual([2, expect.stringMatching(/There is no exercise to grade below .*nobody/)]);
  });
});

describe('backend-labs report', () => {
  const result = (learner: string | null, points: number): string =>
    JSON.stringify({ version: 1, learner, exercises: [{ lab: '05', exercise: 'x', verdict: points === 3 ? 'passed' : 'failed', points, of: 3, checks: [{ id: 'c', title: 'C', points: 3, outcome: points === 3 ? 'passed' : 'failed' }] }], notStarted: [] });

  it('makes one table of many results, named by themselves, their file or their folder', async () => {
    await mkdir(join(dir, 'results/eve'), { recursive: true });
    await writeFile(join(dir, 'results/eve/results.json'), result(null, 3));
    await mkdir(join(dir, 'results/dan'), { recursive: true });
    await writeFile(join(dir, 'results/dan/results.json'), result('=Dan', 0));
    const { code, out, err } = await cli('report', 'results', '--html', 'class.html', '--csv', 'class.csv');
    expect(err).toBe('');
    expect(out).toMatch(/eve +3\/3 +3 ✓/);
    expect(await readFile(join(dir, 'class.csv'), 'utf8')).toContain(`"'=Dan",0,3,0,"not passed"`);
    expect(await readFile(join(dir, 'class.html'), 'utf8')).toContain('<bdi>=Dan</bdi>');
    expect(code).toBe(0);
  });

  it('has a column a lab in a terminal where a column an exercise would not fit', async () => {
    const one = (lab: string, exercise: string, points: number) => ({ lab, exercise, verdict: points === 3 ? 'passed' : 'failed', points, of: 3, checks: [] });
    const exercises = ['05-accept-queue', '06-buffers', '07-idempotency'].flatMap((lab, i) => ['first-of-them', 'second-of-them'].map((name, j) => one(lab, name, i + j === 0 ? 2 : 3)));
    await writeFile(join(dir, 'wide.json'), JSON.stringify({ version: 1, learner: 'Wim', exercises: exercises.slice(0, 4), notStarted: exercises.slice(4).map(({ lab, exercise, of }) => ({ lab, exercise, of })) }));
    const { out } = await cli('report', 'wide.json');
    expect(out).toMatch(/^learner {2}points {2}05 {2}06 {3}07\nWim {6}11\/18 {3}5 {3}6 ✓ {2}–\nPoints by lab, /);
  });

  it('prints the form that is asked for without a file', async () => {
    await writeFile(join(dir, 'ada-one.json'), result(null, 3));
    expect((await cli('report', '--csv', 'ada-one.json')).out).toMatch(/^"learner","points","of"/);
  });

  it('says that a folder has no result, and what one is', async () => {
    await mkdir(join(dir, 'bare'), { recursive: true });
    expect(await cli('report', 'bare')).toEqual({ code: 2, out: '', err: 'There is no result in bare: a result is a .json file of "backend-labs grade --all --json FILE.json".\n' });
  });

  it('refuses a place that cannot be written before it does any work', async () => {
    await mkdir(join(dir, 'taken.xml'), { recursive: true });
    await writeFile(join(dir, 'file'), '');
    const refused = async (...args: string[]): Promise<string> => {
      const { code, out, err } = await cli(...args);
      expect([code, out]).toEqual([2, '']);
      return err;
    };
    expect(await refused('grade', '--all', '--junit', 'taken.xml')).toBe('taken.xml cannot be written: it is a folder. Name a file in it.\n');
    expect(await refused('grade', '--all', '--json', 'nowhere/o.json')).toBe('nowhere/o.json cannot be written: there is no folder nowhere. Make it, or name another place.\n');
    expect(await refused('report', 'no-result-at-all', '--html', 'file/x.html')).toMatch(/no-result-at-all cannot be read/);
    expect(await refused('grade', '--all', '--junit', 'file/x.xml')).toBe('file/x.xml cannot be written: file is no folder. Name another place.\n');
  });

  it.each([
    [['report'], /takes results/],
    [['report', 'nowhere.json'], /nowhere\.json cannot be read/],
    [['list', '--junit', 'x.xml'], /list has no --junit/],
    [['grade', '--all', 'a', 'b'], /takes one folder/],
    [['grade', '--all', '.', '--junit', 'nowhere/x.xml'], /^nowhere\/x\.xml cannot be written/],
  ])('refuses %j', async (args, sentence) => {
    const { code, err } = await cli(...args);
    expect([code, err]).toEqual([2, expect.stringMatching(sentence)]);
  });

  it.skipIf(process.platform === 'win32')('waits for no pipe, reads no device, and says of both what they are', async () => {
    execFileSync('mkfifo', [join(dir, 'pipe.json')]);
    const paths = ['pipe.json', '/dev/zero'];
    for (const path of paths) expect(await cli('report', path)).toMatchObject({ code: 2, err: `${path} is neither a file nor a folder.\n` });
    await mkdir(join(dir, 'odd/a.json'), { recursive: true });
    await symlink('/dev/zero', join(dir, 'odd/zero.json'));
    await writeFile(join(dir, 'odd/b.json'), result('Bea', 3));
    expect((await cli('report', 'odd')).out).toMatch(/Bea +3\/3/);
  });

  it.each([
    ['', /is not JSON: .*[^.]\. report takes what "backend-labs grade --all --json FILE\.json" wrote\.$/m],
    [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, /is no result/],
    [result('Eve', 4), /has 4 of 3 points/],
  ])('refuses a file that is none %#', async (text, sentence) => {
    await writeFile(join(dir, 'none.json'), text);
    expect(await cli('report', 'none.json')).toMatchObject({ code: 2, err: expect.stringMatching(sentence) as unknown });
  });

  it('lets no name steer the terminal', async () => {
    await writeFile(join(dir, 'steers.json'), result('\u001b[2Jeve', 3).replace('"exercise":"x"', '"exercise":"\\u001b]0;x"'));
    expect((await cli('report', 'steers.json')).out).not.toContain('\u001b');
  });

  it('says which file is no result, and which field', async () => {
    await writeFile(join(dir, 'broken.json'), '{"version":1,"learner":null,"exercises":[{}],"notStarted":[]}');
    expect((await cli('report', 'broken.json')).err).toMatch(/broken\.json, "exercises\.0\.lab" must be text/);
  });
});

describe('options with a file or without', () => {
  it.each([
    [['grade', '--all', '.', '--json', 'o.json'], ['grade', '--all', '.'], { json: 'o.json' }],
    [['grade', '--all', '--json', '.'], ['grade', '--all', '.'], { json: '-' }],
    [['simulate', '--json', 'scenario.json'], ['simulate', 'scenario.json'], { json: '-' }],
    [['report', '--csv=a', 'b.json'], ['report', 'b.json'], { csv: 'a' }],
    [['report', '--html', '--csv', 'c.csv', 'b.json'], ['report', 'b.json'], { html: '-', csv: 'c.csv' }],
  ])('%j', (args, rest, outputs) => {
    expect(splitOutputs(args)).toEqual({ rest, outputs: { json: null, junit: null, html: null, csv: null, ...outputs } });
  });
});
