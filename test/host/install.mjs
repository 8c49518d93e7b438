// Installs what the embedded VS Code needs, on first need; without an install script, and with nothing compiled.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { must } from './command.mjs';
import { fail, HumanError, step } from './console.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));
const vscode = join(here, 'node_modules/code-server/lib/vscode');
const stamp = join(here, 'node_modules/.installed');

/** The web build runs where its own Node does: Linux on x64. Elsewhere desktop VS Code is used. */
export const webBuildRunsHere = process.platform === 'linux' && process.arch === 'x64';

const npm = (cwd, ...args) => must('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', ...args], { cwd });

/** The project's own packages: `npm ci` where node_modules is not what package-lock.json asks for. */
export async function ensurePackages() {
  if (!missesPackages()) return;
  await step('Installing the packages of the project (npm ci, about 20 s)', () => npm(root));
}

/** True where a package is missing or has another version than in package-lock.json; those of other platforms do not count. */
function missesPackages() {
  const installed = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return true;
  const { packages: wanted } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const { packages: present } = JSON.parse(readFileSync(installed, 'utf8'));
  return Object.entries(wanted).some(([path, { version, optional }]) => path !== '' && !optional && present[path]?.version !== version);
}

/** The web build of VS Code and its Node, in test/host/node_modules. A second call in another process waits for the first. */
export async function ensureHost() {
  if (!webBuildRunsHere) {
    throw new HumanError(`The web build of VS Code runs on Linux x64 only, and this is ${process.platform} ${process.arch}; use desktop VS Code (BACKEND_LABS_VSCODE=desktop).`);
  }
  const hash = contentHash('package-lock.json', 'install.mjs', 'spdlog.cjs');
  if (isInstalled(hash)) return;
  await withLock(join(here, '.installing'), async () => {
    if (isInstalled(hash)) return;
    await step('Installing VS Code (its web build and a Node for it: 820 MB in test/host/node_modules, about 20 s, a few minutes on a slow network)', install);
    writeFileSync(stamp, hash);
  });
}

const isInstalled = (hash) => existsSync(stamp) && readFileSync(stamp, 'utf8') === hash;

function contentHash(...files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(join(here, file)));
  return hash.digest('hex');
}

async function install() {
  rmSync(stamp, { force: true });
  await npm(here);
  await npm(vscode, '--omit=dev', '--legacy-peer-deps'); // a peer (tslib) is missing from its shrinkwrap, which a strict `npm ci` refuses
  await npm(join(vscode, 'extensions'), '--omit=dev'); // TypeScript's language service
  replaceNativeModules();
}

/** Two modules that are loaded at start have no prebuilt binary; plain JavaScript stands in for them. */
function replaceNativeModules() {
  copyFileSync(join(here, 'spdlog.cjs'), join(vscode, 'node_modules/@vscode/spdlog/index.js'));
  const watchdog = join(vscode, 'node_modules/@vscode/native-watchdog/build/Release');
  mkdirSync(watchdog, { recursive: true });
  writeFileSync(join(watchdog, 'watchdog.js'), 'exports.start = () => {};\nexports.exit = (code) => process.exit(code);\n');
}

/** Runs `work` while no other process of ours holds `folder`; a lock whose owner has gone is taken over. */
async function withLock(folder, work) {
  const owner = join(folder, 'pid');
  for (;;) {
    try {
      mkdirSync(folder);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (isAbandoned(folder, owner)) rmSync(folder, { recursive: true, force: true });
      else await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  writeFileSync(owner, String(process.pid));
  try {
    return await work();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function isAbandoned(folder, owner) {
  try {
    if (!existsSync(owner)) return Date.now() - statSync(folder).mtimeMs > 10_000;
    process.kill(Number(readFileSync(owner, 'utf8')), 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await ensureHost().catch(fail);
