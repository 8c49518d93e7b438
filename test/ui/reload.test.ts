import { describe } from 'vitest';
import { uiTest } from './uiTest.ts';

const it = uiTest({ files: { 'README.md': '# A folder of the learner\n' } });

describe('the panel', () => {
  it('is there again after a reload of the window, though nothing was touched in it', async ({ bench }) => {
    await bench.openLab('How a connection is accepted');
    await bench.command('Developer: Reload Window');
    await bench.webview.getByRole('heading', { name: 'How a connection is accepted' }).waitFor({ state: 'hidden', timeout: 20_000 });
    await bench.webview.getByRole('heading', { name: 'How a connection is accepted' }).waitFor({ timeout: 30_000 });
  });
});
