#!/usr/bin/env node
// Stands in for the executable of desktop VS Code: takes the flags that @vscode/test-electron passes, runs the tests that
// they name in the extension host of the web build, prints what the tests print and ends with their exit code.
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from './browser.mjs';
import { remote, startServer, workbenchUrl } from './server.mjs';
import { readableBy, scratchFolder, testUser } from './user.mjs';

const TIMEOUT_MS = Number(process.env.BACKEND_LABS_INTEGRATION_TIMEOUT_MS ?? 300_000);

/** The command line as `{ folder, development, flags }`. */
function parse(args) {
  const parsed = { folder: undefined, development: [], flags: new Map() };
  for (const arg of args) {
    const [, name, value] = /^--([\w-]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name === 'extensionDevelopmentPath') parsed.development.push(resolve(value));
    else if (name) parsed.flags.set(name, value ?? '');
    else parsed.folder = resolve(arg);
  }
  return parsed;
}

const { folder, development, flags } = parse(process.argv.slice(2));
const user = testUser();
const scratch = scratchFolder('bl-code-', user);
const entry = readableBy(user, fileURLToPath(new URL('./test-entry.cjs', import.meta.url)), scratch);
const socket = join(scratch, 'out');
const mark = join(scratch, 'passed');
const output = createServer((connection) => connection.pipe(process.stdout, { end: false })).listen(socket, () => chmodSync(socket, 0o777));

// Promises, so that whoever ends in the middle of the start also ends what is still coming up.
let server;
let browser;
let ending = false;
async function end(code, why) {
  if (ending) return;
  ending = true;
  if (why) console.error(why);
  // Tests that failed say why themselves; the log is for when they could not.
  const log = why ? await server?.then((each) => each.log(), () => '') : '';
  if (log) console.error(log);
  await browser?.then((each) => each.close()).catch(() => undefined);
  await server?.then((each) => each.stop()).catch(() => undefined);
  output.close();
  rmSync(scratch, { recursive: true, force: true });
  process.stdout.write('', () => process.exit(code));
}
process.on('SIGINT', () => end(130, 'Stopped by SIGINT.'));
process.on('SIGTERM', () => end(143, 'Stopped by SIGTERM.'));
setTimeout(() => end(1, `The integration tests took more than ${TIMEOUT_MS / 1000} s.`), TIMEOUT_MS).unref();

try {
  server = startServer({
    scratch,
    user,
    testDriver: true,
    env: { ...process.env, BACKEND_LABS_TEST_OUTPUT: socket, BACKEND_LABS_TEST_PASSED: mark, BACKEND_LABS_TEST_ENTRY: resolve(flags.get('extensionTestsPath')) },
  });
  const running = await server;
  void running.exited.then((code) => end(1, `The VS Code server ended early, with ${code}.`));
  browser = launchBrowser();
  const page = await (await browser).newPage({ viewport: { width: 1280, height: 800 } });
  page.on('crash', () => end(1, 'The page of the workbench crashed.'));
  await page.exposeFunction('codeAutomationExit', (code) => {
    // An extension host that was killed is reported as 0, too; the mark is left only when the tests have passed.
    const died = code === 0 && !existsSync(mark);
    void end(died ? 1 : code, died ? 'The extension host ended before the tests did.' : '');
  });
  await page.goto(
    workbenchUrl(running, {
      folder,
      payload: [
        ...development.map((path) => ['extensionDevelopmentPath', remote(running, path)]),
        ['extensionTestsPath', remote(running, entry)],
        ...(flags.has('disable-extensions') ? [['disableExtensions', 'true']] : []),
      ],
    }),
  );
} catch (error) {
  await end(1, error instanceof Error ? error.message : error);
}
