import { describe, expect } from 'vitest';
import { completeLabs, LabDriver } from './lab.ts';
import { uiTest } from './uiTest.ts';

const it = uiTest({ files: { 'README.md': '# A folder of the learner\n' } });

describe('the workbench', () => {
  it('offers the labs in a view of its own', async ({ bench }) => {
    await (await bench.treeItem(/How a connection is accepted/)).waitFor({ timeout: 15_000 });
  });

  it('starts the labs from the command palette', async ({ bench }) => {
    await bench.command('Backend Labs: Start Lab…');
    await bench.quickInput.locator('.monaco-list-row').filter({ hasText: 'How a connection is accepted' }).waitFor({ timeout: 15_000 });
    await bench.page.keyboard.press('Escape');
  });

  it('shows the pictures of a README in VS Code’s preview, each with its description', async ({ bench }) => {
    const [folder] = (await completeLabs()).filter(({ lab }) => (lab.pictures ?? []).length > 1);
    if (!folder) throw new Error('No lab has two pictures.');
    await bench.command('Backend Labs: Open Lab README');
    await bench.choose(folder.lab.title);
    const pictures = bench.webview.locator('img');
    await pictures.first().waitFor({ timeout: 30_000 });
    const shown = (): Promise<unknown> => pictures.evaluateAll((all) => all.map((each) => ({ alt: each.getAttribute('alt'), width: (each as HTMLImageElement).naturalWidth })));
    await expect.poll(shown).toEqual(folder.lab.pictures?.map(({ alt }) => ({ alt, width: 720 })));
    await bench.closeEditors();
  });

  it('has a panel again after the window was reloaded, first as it was opened, then with what was said and set', { timeout: 120_000 }, async ({ bench }) => {
    const folder = (await completeLabs()).find(({ lab }) => lab.id === '05-accept-queue');
    if (!folder) throw new Error('Lab 05 is missing.');
    const { lab } = folder;
    const driver = new LabDriver(bench, folder);
    await bench.openLab(lab.title);
    await bench.reload();
    await driver.tab('predict').waitFor({ timeout: 60_000 });
    await driver.predict();
    await driver.show('simulate');
    const preset = lab.presets.at(-1)?.title ?? '';
    await driver.choosePreset(preset);
    await bench.reload();
    await driver.panel.locator('button.preset[aria-pressed=true]').filter({ hasText: preset }).waitFor({ timeout: 60_000 });
    await driver.show('predict');
    expect(await driver.panel.locator('.questions').getByText(/^You said /).count()).toBe(lab.predictions.length);
  });

  it('asks nobody outside this machine', ({ bench }) => {
    expect(bench.outsideHosts()).toEqual([]);
  });
});
