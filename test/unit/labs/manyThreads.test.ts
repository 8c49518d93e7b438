import { beforeAll, describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/catalog.ts';
import { labScenario, simulateLab } from '../../../src/labs/simulateLab.ts';
import type { Lab } from '../../../src/shared/lab.ts';

let lab: Lab;
beforeAll(async () => {
  const found = (await loadCatalog(['labs'])).labs.find((folder) => folder.lab.id === '04-many-threads');
  if (!found) throw new Error('The lab 04-many-threads cannot be loaded.');
  ({ lab } = found);
});

/** Orders, orders that lose an update, and the fewest switches of these, of a preset. */
function numbers(preset: string): (number | null | undefined)[] {
  const values = lab.presets.find(({ id }) => id === preset)?.values ?? {};
  const { quantities } = simulateLab(lab, values);
  return ['orders', 'lost', 'switches'].map((id) => quantities.find((one) => one.id === id)?.value);
}

describe('lab 04', () => {
  it.each([
    ['lost-update', [20, 18, 2]],
    ['three-threads', [1680, 1674, 3]],
    ['twice', [924, 918, 2]],
    ['atomic', [6, null, null]],
    ['locked', [2, null, null]],
    ['test-then-set', [null, null, 3]],
    ['compare-and-swap', [null, null, null]],
    ['deadlock', [6, null, null]],
    ['one-order', [2, null, null]],
    ['sql-server-locks', [72, null, null]],
    ['sql-server-latches', [12_764_340, 985_714, 2]],
    ['sql-server-both', [52, null, null]],
  ])('counts the orders of the preset %s as its texts say', (preset, expected) => {
    expect(numbers(preset)).toEqual(expected);
  });

  it('writes a program together with its memory', () => {
    expect(labScenario(lab, { program: 7, adds: 1000 })).toMatchObject({ memory: { a: 10, b: 10 }, threads: { A: expect.arrayContaining(['lock La', 'load r a']) as string[] } });
    expect(labScenario(lab, { adds: 1000 })).toMatchObject({ memory: { x: 0 } });
  });
});
