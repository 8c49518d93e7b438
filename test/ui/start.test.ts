import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '../host/browser.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each();
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'start-test-'));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** `npm start -- ARGS` with its temporary files in `scratch`, and what it prints. */
function start(scratch: string, args: string[], path = process.env.PATH ?? '') {
  const child = spawn(process.execPath, ['test/host/start.mjs', ...args], { cwd: root, env: { ...process.env, TMPDIR: scratch, PATH: path } });
  undo.push(() => child.kill('SIGKILL'));
  let output = '';
  const waiting = new Set<() => void>();
  const add = (data: Buffer) => {
    output += data.toString();
    for (const check of waiting) check();
  };
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  const said = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const check = () => {
        const found = pattern.exec(output);
        if (found) resolve(found);
      };
      waiting.add(check);
      child.once('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${output}`)));
      check();
    });
  return { child, said };
}

/** Presses Ctrl-C and waits for the end. */
function interrupt(child: ChildProcess): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  return ended;
}

/** Command lines of the processes that name `text`. */
const processesNaming = (text: string) => spawnSync('ps', ['-axo', 'args='], { encoding: 'utf8' }).stdout.split('\n').filter((line) => line.includes(text));

describe('npm start', () => {
  it('opens VS Code with the labs on a fresh folder, and Ctrl-C leaves the files of the learner and nothing else', async () => {
    const scratch = temporaryFolder();
    const { child, said } = start(scratch, ['--web', '--no-open']);
    const [url] = await said(/http:\/\/127\.0\.0\.1:\d+\/\S+/);
    const [, folder = ''] = await said(/Your files are in (\S+),/);
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toContain('Backend Labs: Start Lab');

    const browser = await launchBrowser();
    undo.push(() => browser.close());
    const page = await browser.newPage();
    await page.goto(url);
    await page.getByRole('tab', { name: 'Backend Labs' }).first().click({ timeout: 30_000 });
    await page.getByRole('treeitem', { name: /Kernel, process, thread/ }).first().waitFor();
    await page.close();

    expect(processesNaming(scratch)).not.toEqual([]);
    expect(await interrupt(child)).toBe(0);
    await expect.poll(() => processesNaming(scratch)).toEqual([]);
    expect(readdirSync(scratch)).toEqual([folder.slice(scratch.length + 1).split('/')[0]]);
  });

  it('takes the `code` that is on the PATH, on the built extension, and ends its windows', async () => {
    const scratch = temporaryFolder();
    const arguments_ = join(scratch, 'arguments');
    const code = join(temporaryFolder(), 'code');
    // Like the real one, it leaves its window to a process that is not its child.
    writeFileSync(code, `#!/bin/sh\nprintf '%s\\n' "$@" > ${arguments_}.new\nmv ${arguments_}.new ${arguments_}\nsetsid '${process.execPath}' -e 'setTimeout(() => {}, 60000)' -- "$@" &\nexec sleep 60\n`);
    chmodSync(code, 0o755);
    const folder = temporaryFolder();
    const { child, said } = start(scratch, [folder], `${dirname(code)}${delimiter}${process.env.PATH}`);
    await said(/Ctrl-C ends VS Code/);
    await expect.poll(() => existsSync(arguments_)).toBe(true);

    const given = readFileSync(arguments_, 'utf8').trim().split('\n');
    const extension = given.find((each) => each.startsWith('--extensionDevelopmentPath='))?.split('=')[1] ?? '';
    expect(existsSync(join(extension, 'dist/extension.cjs'))).toBe(true);
    expect(given.at(-1)).toBe(folder);
    const data = given.find((each) => each.startsWith('--user-data-dir='))?.split('=')[1] ?? '';
    expect(processesNaming(data)).not.toEqual([]);
    await interrupt(child);
    await expect.poll(() => processesNaming(data)).toEqual([]);
  });

  it('says in a sentence that there is no such folder', () => {
    const { status, stderr } = spawnSync(process.execPath, ['test/host/start.mjs', '/no/such/folder'], { cwd: root, encoding: 'utf8' });
    expect(stderr).toBe('There is no folder /no/such/folder.\n');
    expect(status).toBe(2);
  });
});
