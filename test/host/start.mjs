// `npm start`: opens VS Code with the labs, after setting up all that this needs.
//   npm start -- [FOLDER] [--desktop | --web] [--no-open]
// Without FOLDER a fresh sample folder is opened. --desktop downloads desktop VS Code when `code` is not on the PATH; --web takes
// the web build although it is; --no-open only prints the address of the web build.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { capture, must, which } from './command.mjs';
import { fail, HumanError, say, step } from './console.mjs';
import { ensureHost, ensurePackages, webBuildRunsHere } from './install.mjs';
import { SETTINGS, startServer, workbenchUrl } from './server.mjs';
import { stageExtension } from './stage.mjs';
import { scratchFolder } from './user.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

const README = `# Your folder

Open the command palette (F1), run **Backend Labs: Start Lab…** and choose *How a connection is accepted*.
The files that you edit will be in \`backend-labs/\`, here.
`;

/** What the command line asks for. */
function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { desktop: { type: 'boolean', default: false }, web: { type: 'boolean', default: false }, 'no-open': { type: 'boolean', default: false } },
    });
    const folder = positionals[0] && resolve(process.env.INIT_CWD ?? '.', positionals[0]);
    if (folder && !existsSync(folder)) throw new HumanError(`There is no folder ${folder}.`);
    return { ...values, folder };
  } catch (error) {
    if (error instanceof HumanError) throw error;
    throw new HumanError(`${error.message}\nUse: npm start -- [FOLDER] [--desktop | --web] [--no-open]`);
  }
}

/** A new folder for a learner's files. It outlives VS Code: what is in it is theirs. */
function sampleFolder() {
  const folder = join(scratchFolder('backend-labs-sample-'), 'my-labs');
  mkdirSync(folder);
  writeFileSync(join(folder, 'README.md'), README);
  return folder;
}

/** Starts the web build; gives what ends it, and when it ended by itself. */
async function openWeb({ scratch, extension, folder, browse }) {
  await ensureHost();
  const server = await step('Starting VS Code', () => startServer({ scratch, install: [extension] }));
  const url = workbenchUrl(server, { folder });
  say(`\nVS Code with the labs is at\n\n  ${url}\n`);
  const browser = browse && browserCommand();
  if (browser) spawn(browser, [url], { stdio: 'ignore', detached: true }).on('error', () => undefined).unref();
  return { ended: server.exited, end: server.stop };
}

/** The program that opens an address in the user's browser, where there is a screen. */
function browserCommand() {
  if (process.platform === 'darwin') return 'open';
  const hasScreen = process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  return process.env.BROWSER || (hasScreen && which('xdg-open')) || undefined;
}

/** Starts desktop VS Code, apart from the user's own windows and settings. */
async function openDesktop({ scratch, extension, folder, program }) {
  const data = join(scratch, 'data');
  mkdirSync(join(data, 'User'), { recursive: true });
  writeFileSync(join(data, 'User/settings.json'), JSON.stringify(SETTINGS, null, 2));
  const args = [`--extensionDevelopmentPath=${extension}`, `--user-data-dir=${data}`, `--extensions-dir=${join(scratch, 'extensions')}`, '--disable-workspace-trust', '--new-window', '--wait'];
  if (process.getuid?.() === 0) args.push('--no-sandbox'); // Electron refuses to start as root with it
  say(`Opening ${program}`);
  const child = spawn(program, [...args, folder], { stdio: 'inherit', shell: process.platform === 'win32' });
  const ended = new Promise((done, reject) => {
    child.on('exit', (code) => done(code ?? 0));
    child.on('error', reject);
  });
  return { ended, end: () => endAll(child, data) };
}

/** `code` leaves its windows to processes that are not its children; they are known by their data folder. */
async function endAll(child, data) {
  child.kill();
  if (process.platform === 'win32') return;
  const { output } = await capture('ps', ['-axo', 'pid=,args=']);
  for (const line of output.split('\n').filter((each) => each.includes(`--user-data-dir=${data}`))) {
    try {
      process.kill(Number.parseInt(line, 10));
    } catch {
      // It has gone by itself.
    }
  }
}

/** The desktop VS Code to use, or undefined for the web build. */
async function desktopProgram({ desktop, web }) {
  const code = web ? undefined : which('code');
  if (code) return code;
  if (!desktop && webBuildRunsHere) return undefined;
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  return step('Downloading desktop VS Code (about 150 MB)', () => downloadAndUnzipVSCode()).catch((error) => {
    throw new HumanError(`Desktop VS Code could not be downloaded (${error.message}): install it so that \`code\` is on the PATH${webBuildRunsHere ? ', or leave --desktop out' : ''}.`);
  });
}

async function main() {
  const asked = options();
  await ensurePackages();
  await step('Building the extension', () => must(process.execPath, ['esbuild.mjs'], { cwd: root }));
  const program = await desktopProgram(asked);
  const scratch = scratchFolder('bl-start-');
  const extension = join(scratch, 'extension');
  let running;
  let ending = false;
  const end = async (code) => {
    if (ending) return;
    ending = true;
    await running?.then((each) => each.end(), () => undefined);
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    process.exit(code);
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => void end(0));
  try {
    stageExtension(extension);
    const folder = asked.folder ?? sampleFolder();
    running = program ? openDesktop({ scratch, extension, folder, program }) : openWeb({ scratch, extension, folder, browse: !asked['no-open'] });
    const { ended } = await running;
    say(`Your files are in ${folder}, and stay there.\nCtrl-C ends VS Code.`);
    const code = await ended;
    if (!program && !ending) say(`VS Code ended by itself, with ${code}.`);
    await end(program ? 0 : 1);
  } catch (error) {
    rmSync(scratch, { recursive: true, force: true });
    fail(error);
  }
}

await main().catch(fail);
