import { rmSync } from 'node:fs';
import { afterAll, describe, expect } from 'vitest';
import { scratch, type Program } from '../xray/program.ts';
import { startNode } from '../xray/servers.ts';
import { uiTest } from './uiTest.ts';

let program: Program | undefined;
afterAll(async () => {
  await program?.stop('SIGKILL');
  rmSync(scratch, { recursive: true, force: true });
});

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

  it('a process can be looked at: X-ray lists servers, shows the one picked, pauses, and says when it has ended', async ({ bench }) => {
    await bench.closeEditors();
    program = await startNode('shown', "require('net').createServer(() => {}).listen(process.argv[2], '127.0.0.1', 7);");
    await bench.command('Backend Labs: X-ray a Process…');
    await bench.quickInput.getByPlaceholder('Processes that listen on a TCP port').fill(`:${program.port}`);
    await bench.choose(`pid ${program.pid}`);
    const page = bench.webview;
    await page.getByText('One process, one thread').waitFor({ timeout: 30_000 });
    await page.getByText('0 of 8 wait').waitFor();
    await program.connect(2);
    await page.getByText('2 clients').first().waitFor({ timeout: 15_000 });
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('Paused: what is shown stands still').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await program.stop('SIGKILL');
    await page.getByText(`(process ${program.pid}) has ended`).waitFor({ timeout: 15_000 });
  });

  it('X-ray takes a typed process, and says in a sentence when there is none', async ({ bench }) => {
    await bench.command('Backend Labs: X-ray a Process…');
    await bench.quickInput.getByPlaceholder('Processes that listen on a TCP port').waitFor();
    await bench.choose('Another process…');
    await bench.quickInput.getByPlaceholder('1234, :8080 or nginx').fill(':1');
    await bench.page.keyboard.press('Enter');
    await bench.notification('Nothing listens on port 1 here.').waitFor({ timeout: 15_000 });
    expect(await bench.page.getByRole('tab', { name: /^X-ray/ }).count()).toBe(1);
  });
});
