import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { validateLabs } from '../../../src/labs/validate/validateLabs.ts';

const LAB = '05-accept-queue';
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'readme-'));
  await cp(join('labs', LAB), join(dir, LAB), { recursive: true });
});
afterEach(() => rm(dir, { recursive: true }));

/** What is wrong with the lab's files, after a change to one of them. */
async function problems(file: string, change: (text: string) => string): Promise<string> {
  const path = join(dir, LAB, file);
  const text = await readFile(path, 'utf8').catch(() => '');
  await writeFile(path, change(text));
  if (text !== '') expect(await readFile(path, 'utf8')).not.toBe(text);
  const findings = await validateLabs([dir], null, { signal: AbortSignal.timeout(20_000), onProgress: () => undefined, cacheDir: null });
  return findings.filter(({ problem, what }) => problem !== null && /README|files|pictures/.test(what)).map(({ what, problem }) => `${what}: ${problem ?? ''}`).join('\n');
}

describe('a README', () => {
  it('is right as it is, however its lines are broken', async () => {
    expect(await problems('README.md', (text) => text.replace(/\n {2}(?=\S)/g, ' '))).toBe('');
  });

  it.each<[string, string, (text: string) => string, RegExp]>([
    ['tells a term otherwise than the glossary', 'README.md', (text) => text.replace('- **Backlog**: The second', '- **Backlog**: The third'), /"backlog" is told in two ways/],
    ['lacks a term', 'README.md', (text) => text.replace(/- \*\*Backlog\*\*[\s\S]*?\n(?=- )/, ''), /"backlog" is in the glossary and not under “Words”/],
    ['tells a term that the glossary has not', 'README.md', (text) => text.replace('## Words\n\n', '## Words\n\n- **Socket**: One end.\n'), /"socket" is under “Words” and not in the glossary/],
    ['describes a picture otherwise', 'README.md', (text) => text.replace(/!\[/, '![Not '), /is described in two ways/],
    ['does not show a picture', 'README.md', (text) => text.replace(/!\[[^\]]*\]\(pictures\/[^)]*\)/, ''), /does not show/],
    ['shows one that is not described', 'README.md', (text) => `${text}\n![Else](pictures/else.svg)\n`, /"else" that lab\.json does not describe[\s\S]*lead nowhere: pictures\/else\.svg/],
    ['lies beside a picture that nothing describes', 'pictures/else.svg', () => '<svg/>', /stray: else\.svg/],
    ['has a picture of no preset', 'lab.json', (text) => text.replace('"preset": "one-more"', '"preset": "one-less"'), /preset "one-less", which there is not/],
    ['shares a form between terms', 'lab.json', (text) => text.replace('"also": ["backlogs"]', '"also": ["somaxconn"]'), /"backlog" and "somaxconn" have a form in common/],
  ])('that %s is told so', async (_, file, change, sentence) => {
    expect(await problems(file, change)).toMatch(sentence);
  });
});
