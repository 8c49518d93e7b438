import { describe, expect } from 'vitest';
import { completeLabs, LabDriver, REAL_MS } from './lab.ts';
import { uiTest } from './uiTest.ts';
import type { Workbench } from './workbench.ts';

const it = uiTest({ files: { 'README.md': '# A folder of the learner\n' } });

/** The walkthrough's steps, in their order, that are ticked. */
async function ticked(bench: Workbench): Promise<readonly string[]> {
  await bench.command('Welcome: Open Walkthrough...');
  await bench.choose('Your first backend lab');
  const steps = bench.page.locator('.getting-started-step');
  await steps.first().waitFor();
  const read = await steps.evaluateAll((all) => all.map((step) => [step.querySelector('.step-title')?.textContent ?? '', step.querySelector('[role=checkbox]')?.getAttribute('aria-checked')]));
  expect(read).toHaveLength(4);
  return read.filter(([, checked]) => checked === 'true').map(([title]) => title as string);
}

describe('the walkthrough', () => {
  it('ticks each step that is done with the panel’s own buttons', { timeout: 4 * REAL_MS }, async ({ bench }) => {
    const folder = (await completeLabs()).find(({ lab }) => lab.id === '08-nagle');
    const [exercise] = folder?.exercises ?? [];
    if (!folder || !exercise) throw new Error('Lab 08 is missing.');
    expect(await ticked(bench)).toEqual([]);
    const driver = new LabDriver(bench, folder);
    await driver.start();
    expect(await ticked(bench)).toEqual(['Choose a lab']);
    await driver.start();
    await driver.predict();
    await driver.show('run');
    await driver.run();
    expect(await ticked(bench)).toEqual(['Choose a lab', 'Predict, then simulate', 'Run it for real']);
    await driver.start();
    await driver.show('fix');
    await driver.openExercise(exercise);
    await driver.panelAlone();
    await driver.button(`Grade: ${exercise.exercise.title}`).press('Enter');
    await driver.exercise(exercise).locator('.badge.failed').waitFor({ timeout: REAL_MS });
    expect(await ticked(bench)).toHaveLength(4);
  });
});
