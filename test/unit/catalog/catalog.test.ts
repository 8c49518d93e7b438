import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/catalog.ts';

const LAB = '05-accept-queue';
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'catalog-'));
  await cp(join('labs', LAB), join(dir, LAB), { recursive: true });
});
afterEach(() => rm(dir, { recursive: true }));

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const path = join(dir, LAB, file);
  await writeFile(path, change(await readFile(path, 'utf8')));
}

describe('loadCatalog', () => {
  it('reads a lab with its exercises and quiz', async () => {
    const { labs, problems } = await loadCatalog([dir]);
    expect(problems).toEqual([]);
    expect(labs.map(({ lab }) => lab.id)).toEqual([LAB]);
    expect(labs[0]?.exercises.map(({ exercise }) => exercise.id)).toEqual(['survive-the-burst', 'shed-load', 'descriptor-leak']);
    expect(labs[0]?.quiz.questions.length).toBeGreaterThanOrEqual(5);
  });

  it.each<[string, string, (text: string) => string, RegExp]>([
    ['text that is not JSON', 'lab.json', () => '{ "id": ', /lab\.json is not JSON/],
    ['a missing field', 'lab.json', (text) => text.replace(/"minutes": \d+,/, ''), /"minutes" must be .*missing/],
    ['a field out of range', 'lab.json', (text) => text.replace(/"minutes": \d+/, '"minutes": -1'), /"minutes" must be a whole number of at least 1 \(found -1\)/],
    ['an unknown field', 'lab.json', (text) => text.replace('"minutes"', '"minuets": 3, "minutes"'), /"minuets" is not a field/],
    ['another id than its folder', 'lab.json', (text) => text.replace(`"id": "${LAB}"`, '"id": "06-other"'), /must be the folder's name/],
    ['a broken exercise', 'exercises/shed-load/exercise.json', () => '[]', /exercise\.json/],
    ['a broken quiz', 'quiz.json', (text) => text.replace('"questions"', '"quests"'), /quiz\.json/],
    ['an exercise that is not there', 'lab.json', (text) => text.replace('"descriptor-leak"]', '"nowhere"]'), /nowhere/],
  ])('says what is wrong with %s, and keeps the other labs', async (_, file, change, sentence) => {
    await cp(join('labs', LAB), join(dir, 'good', LAB), { recursive: true });
    await edit(file, change);
    const { labs, problems } = await loadCatalog([dir, join(dir, 'good')]);
    expect(labs.map(({ lab }) => lab.id)).toEqual([LAB]);
    const problem = problems.find(({ folder }) => folder === join(dir, LAB));
    expect(problem?.message).toMatch(sentence);
  });

  it('says which folder cannot be read', async () => {
    const { labs, problems } = await loadCatalog([join(dir, 'nowhere')]);
    expect(labs).toEqual([]);
    expect(problems[0]?.message).toContain('cannot be read');
  });

  it('refuses a second lab of the same id', async () => {
    await cp(join(dir, LAB), join(dir, 'again', LAB), { recursive: true });
    const { labs, problems } = await loadCatalog([dir, join(dir, 'again')]);
    expect(labs).toHaveLength(1);
    expect(problems.map(({ message }) => message).join()).toContain('already');
  });
});
