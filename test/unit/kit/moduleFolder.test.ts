import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stackOfLab, writeLabModule, writeLearnerModule } from '../../../src/kit/moduleFolder.ts';

let root = '';
const lab = (): string => join(root, 'a lab');
const folder = (): string => join(root, 'run');

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'modules-'));
  mkdirSync(join(folder(), 'learner'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true, maxRetries: 5 }));

function write(name: string, text: string): string {
  const path = join(lab(), name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

describe('a lab’s module', () => {
  it('is written with the files that it imports, each in its place, and none twice', async () => {
    write('shared/limits.ts', "import { again } from '../exercises/one/check.ts';\nexport const LIMIT: number = 3;\nexport const use = again;\n");
    const check = write(
      'exercises/one/check.ts',
      "import { createServer } from 'node:net';\nimport {\n  LIMIT,\n} from '../../shared/limits.ts';\nimport { check } from 'backend-labs/kit';\nexport const again = 1;\n// words from 'a comment'\nexport default [check, createServer, LIMIT, () => import('../../shared/limits.ts')];\n",
    );
    const to = await writeLabModule(check, lab(), folder());
    expect(to).toBe(join(folder(), 'lab/exercises/one/check.js'));
    const text = readFileSync(to, 'utf8');
    expect(text).toContain("from '../../shared/limits.js';");
    expect(text).toContain("import('../../shared/limits.js')");
    expect(text).toContain("from 'backend-labs/kit';");
    expect(text).toContain("words from 'a comment'");
    expect(text.length).toBe(readFileSync(check, 'utf8').length);
    expect(readFileSync(join(folder(), 'lab/shared/limits.js'), 'utf8')).toContain("from '../exercises/one/check.js'");
  });

  it.each([
    ["import lodash from 'lodash';", /imports "lodash": a lab may import backend-labs\/kit, backend-labs\/sqlite, Node's own modules and its own files/],
    ["export * from '../outside.ts';", /lies outside its lab's folder/],
    ["import './gone.ts';", /There is no file .*gone\.ts, which the lab needs/],
    ['const a = ;', /check\.ts:1:11 does not parse: Expression expected/],
  ])('with %s is refused with a sentence', async (text, message) => {
    await expect(writeLabModule(write('check.ts', text), lab(), folder())).rejects.toThrow(message);
  });

  it('is told by the lab’s own path in a stack', () => {
    const stack = `Error: x\n    at run (file://${folder()}/lab/exercises/one/check.js:8:3)\n    at ${folder()}/lab/server.js:1:2\n    at node:net:1:1`;
    expect(stackOfLab(stack, lab(), folder())).toBe(`Error: x\n    at run (${lab()}/exercises/one/check.ts:8:3)\n    at ${lab()}/server.ts:1:2\n    at node:net:1:1`);
  });
});

describe('a learner’s module', () => {
  it.each(['shop.ts', 'shop.mts', 'shop.js', 'shop', '../../shop.ts'])('of %s stays in its folder', async (name) => {
    expect(await writeLearnerModule('1;', name, folder())).toBe(join(folder(), 'learner/shop.mjs'));
  });
});
