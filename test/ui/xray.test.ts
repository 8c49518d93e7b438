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

describe('X-ray a Process, in a folder that is not trusted', () => {
  it('lists servers, shows the one picked, pauses, and says when it has ended', async ({ bench }) => {
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

  it('takes a typed process, and says in a sentence when there is none', async ({ bench }) => {
    await bench.command('Backend Labs: X-ray a Process…');
    await bench.quickInput.getByPlaceholder('Processes that listen on a TCP port').waitFor();
    await bench.choose('Another process…');
    await bench.quickInput.getByPlaceholder('1234, :8080 or nginx').fill(':1');
    await bench.page.keyboard.press('Enter');
    await bench.notification('Nothing listens on port 1 here.').waitFor({ timeout: 15_000 });
    expect(await bench.page.getByRole('tab', { name: /^X-ray/ }).count()).toBe(1);
  });
});
