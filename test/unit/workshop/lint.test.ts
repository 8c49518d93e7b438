import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
// In a single run (which CI=true means to it) the typed rules' parser reads the file on the disk in place of the text that is given here.
process.env.TSESTREE_SINGLE_RUN = 'false';
const eslint = new ESLint({ cwd: root });

/** The rules that `code` breaks when it stands in `file`. */
async function broken(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(`${code}\n`, { filePath: `${root}${file}` });
  return (result?.messages ?? []).map((message) => message.ruleId ?? message.message);
}

describe('lint', () => {
  it.each([
    ['Math.random()', 'no-restricted-properties'],
    ['Date.now()', 'no-restricted-properties'],
    ['performance.now()', 'no-restricted-properties'],
    ['new Date()', 'no-restricted-syntax'],
    ['setTimeout(() => undefined, 1)', 'no-restricted-globals'],
    ['process.pid', 'no-restricted-globals'],
    ['document.title', 'no-restricted-globals'],
  ])('bans %s in src/sim and src/shared', async (code, rule) => {
    expect(await broken('src/sim/engine/random.ts', `export const x = ${code};`)).toContain(rule);
    expect(await broken('src/shared/trace.ts', `export const x = ${code};`)).toContain(rule);
  });

  it('leaves a date that was passed in alone', async () => {
    expect(await broken('src/sim/engine/random.ts', 'export const day = (ms: number) => new Date(ms).getDay();')).toEqual([]);
  });

  it('allows 300 lines and no more', async () => {
    expect(await broken('src/sim/engine/random.ts', Array(300).fill('// a line').join('\n'))).toEqual([]);
    expect(await broken('src/sim/engine/random.ts', Array(301).fill('// a line').join('\n'))).toContain('max-lines');
  });

  it('sees a promise that nobody waits for, which takes the types', async () => {
    expect(await broken('src/sim/engine/random.ts', 'Promise.resolve(1);')).toContain('@typescript-eslint/no-floating-promises');
  });

  it.each(['enum A { B }', 'namespace A { export const b = 1; }', 'export class A { constructor(private readonly b: number) {} }'])(
    'refuses in a lab what cannot be stripped: %s',
    async (code) => {
      expect(await broken('labs/05-accept-queue/exercises/a/starter.ts', code)).toContain('no-restricted-syntax');
    },
  );

  it('lets a learner leave a variable unused', async () => {
    expect(await broken('labs/05-accept-queue/exercises/a/starter.ts', 'let unused = 1;')).toEqual([]);
  });
});
