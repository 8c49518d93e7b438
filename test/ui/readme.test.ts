import { expect } from 'vitest';
import { completeLabs } from './lab.ts';
import { uiTest } from './uiTest.ts';

const it = uiTest({ files: { 'notes.md': '# Notes\n' } });

it('shows the pictures of a README in VS Code’s preview, each with its description', async ({ bench }) => {
  const [folder] = (await completeLabs()).filter(({ lab }) => (lab.pictures ?? []).length > 1);
  if (!folder) throw new Error('No lab has two pictures.');
  await bench.command('Backend Labs: Open Lab README');
  await bench.choose(folder.lab.title);
  const pictures = bench.webview.locator('img');
  await pictures.first().waitFor({ timeout: 30_000 });
  const shown = (): Promise<unknown> => pictures.evaluateAll((all) => all.map((each) => ({ alt: each.getAttribute('alt'), width: (each as HTMLImageElement).naturalWidth })));
  await expect.poll(shown).toEqual(folder.lab.pictures?.map(({ alt }) => ({ alt, width: 720 })));
});
