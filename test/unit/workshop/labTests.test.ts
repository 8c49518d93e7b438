import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const entries = (folder: string): string[] => readdirSync(fileURLToPath(new URL(`../../../${folder}`, import.meta.url))).sort();

it('has each lab done in a real VS Code', () => {
  expect(entries('test/ui/labs')).toEqual(entries('labs').map((lab) => `${lab}.test.ts`));
});
