import { describe, expect } from 'vitest';
import { uiTest } from './uiTest.ts';

const it = uiTest({ trust: false, files: { 'README.md': '# A folder of somebody else\n' } });

describe('in a folder that is not trusted', () => {
  it('a lab can be read and simulated, and its run says how to trust', async ({ bench }) => {
    await bench.openLab('How a connection is accepted');
    await bench.webview.locator('#tab-simulate').click();
    await bench.webview.locator('.clock').first().waitFor();
    await bench.webview.locator('#tab-run').click();
    await bench.webview.getByText(/This workspace is not trusted, so nothing is run here\./).waitFor();
    expect(await bench.webview.getByRole('button', { name: 'Run for real' }).count()).toBe(0);
  });

  it.for([
    ['Backend Labs: Start Server', 'How a connection is accepted', 'A server starts a program'],
    ['Backend Labs: Grade Exercise', 'Isolated memory', 'Grading starts a program'],
  ] as const)('%s is refused in a sentence that leads to trust', async ([command, target, sentence], { bench }) => {
    await bench.command(command);
    await bench.choose(target);
    const refusal = bench.notification(sentence);
    await refusal.getByRole('button', { name: 'Manage Workspace Trust' }).waitFor({ timeout: 15_000 });
    await bench.command('Notifications: Clear All Notifications');
    await refusal.waitFor({ state: 'hidden' });
  });
});
