import { describe, expect } from 'vitest';
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

  it('asks nobody outside this machine', ({ bench }) => {
    expect(bench.outsideHosts()).toEqual([]);
  });
});
