import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { brokenLinks } from '../../../src/labs/validate/links.ts';
import { validateLabs } from '../../../src/labs/validate/validateLabs.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'links-'));
});
afterEach(() => rm(dir, { recursive: true }));

const OTHER = `# The other page

## Why \`read()\` returns 0, or -1: it depends

Text.

### Words

## Words ##

<a id="by-hand"></a>

\`\`\`sh
# not-a-heading
\`\`\`
`;

/** The links of a page with this text, beside another page, that lead nowhere. */
async function broken(text: string): Promise<string[]> {
  await writeFile(join(dir, 'other page.md'), OTHER);
  await writeFile(join(dir, 'picture.svg'), '<svg/>');
  await writeFile(join(dir, 'page.md'), text);
  return brokenLinks(join(dir, 'page.md'));
}

describe('a link in Markdown', () => {
  it.each([
    ['[a](other%20page.md)'],
    ['[a](<other%20page.md> "A title")'],
    ['[a](other%20page.md#why-read-returns-0-or--1-it-depends)'],
    ['[a](other%20page.md#words) [b](other%20page.md#words-1) [c](other%20page.md#by-hand)'],
    ['# Größe, in [Bytes](picture.svg)\n\n[a](#größe-in-bytes) [b](#gr%C3%B6%C3%9Fe-in-bytes)'],
    ['![a](picture.svg) [b](picture.svg#layer) [c][one]\n\n[one]: other%20page.md#words'],
    ['[a](https://example.org/#x) [b](mailto:a@example.org) [c](command:backendLabs.grade)'],
    ['`[a](nowhere.md)`\n\n```md\n[a](nowhere.md)\n```\n\n~~~\n[a](nowhere.md)\n'],
  ])('%j leads somewhere', async (text) => {
    expect(await broken(text)).toEqual([]);
  });

  it.each([
    ['[a](nowhere.md) and [b](other%20page.md)', 'nowhere.md'],
    ['[a](#nowhere)', '#nowhere'],
    ['# Here\n\n[a](#Here)', '#Here'],
    ['[a](other%20page.md#words-2)', 'other%20page.md#words-2'],
    ['[a](other%20page.md#not-a-heading)', 'other%20page.md#not-a-heading'],
    ['[`a`](other%20page.md#nowhere)', 'other%20page.md#nowhere'],
    ['[a][one]\n\n[one]: nowhere.md', 'nowhere.md'],
    ['```\n# Code\n```\n[a](#code)', '#code'],
  ])('%j leads nowhere', async (text, target) => {
    expect(await broken(text)).toEqual([target]);
  });

  it('is looked at by validate, in a lab’s README and in an exercise’s', async () => {
    const lab = '05-accept-queue';
    await cp(join(root, 'labs', lab), join(dir, lab), { recursive: true });
    const pages = ['README.md', 'exercises/shed-load/README.md'];
    for (const page of pages) await writeFile(join(dir, lab, page), `${await readFile(join(dir, lab, page), 'utf8')}\nSee [there](#there).\n`);
    const findings = await validateLabs([dir], null, { signal: AbortSignal.timeout(20_000), onProgress: () => undefined, cacheDir: null });
    expect(findings.filter(({ problem }) => problem?.includes('#there')).map(({ what, problem }) => `${what}: ${problem ?? ''}`)).toEqual([
      `links of ${lab}/README.md: they lead nowhere: #there`,
      'links of shed-load/README.md: they lead nowhere: #there',
    ]);
  });

  it('leads somewhere in each of the project’s own pages', async () => {
    const pages = ['README.md', 'CHANGELOG.md', 'test/conformance/README.md', ...(await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md')).map((name) => join('docs', name))];
    for (const page of pages) expect(await brokenLinks(join(root, page)), page).toEqual([]);
  });
});
