import { execFile, execFileSync } from 'node:child_process';
import { lstatSync, rmSync } from 'node:fs';
import { mkdir, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProcess } from './processTable.ts';

const PREFIX = 'backend-labs-run-';

/**
 * Makes a run's own folder in the system's temporary one. Its name says whose it is, so that those of hosts that died can
 * be told from those in use: `backend-labs-run-<pid>-<start>-<run id>`.
 */
export async function createRunFolder(runId: string, parent = tmpdir()): Promise<string> {
  const folder = join(await realpath(parent), `${PREFIX}${process.pid}-${startOf(process.pid)}-${runId}`);
  await mkdir(folder, { mode: 0o700 });
  await Promise.all(['home', 'tmp', 'lab', 'learner'].map((name) => mkdir(join(folder, name))));
  return folder;
}

const REMOVAL = { recursive: true, force: true, maxRetries: 5, retryDelay: 20 };
/** For what Node does not remove: folders that nobody may enter, and those deeper than a path can be long. */
const BY_FORCE = ['-c', 'chmod -R u+rwx "$1"; rm -rf "$1"', 'sh'];

/** Removes a run's folder, whatever is in it. Resolves to false where it could not. */
export async function removeRunFolder(folder: string): Promise<boolean> {
  const removed = await rm(folder, REMOVAL).then(() => true, () => false);
  if (removed || !canForce(folder)) return removed;
  return new Promise((resolve) => execFile('/bin/sh', [...BY_FORCE, folder], (error) => resolve(error === null)));
}

/** The same without the event loop. */
export function removeRunFolderNow(folder: string): void {
  try {
    rmSync(folder, REMOVAL);
  } catch {
    if (canForce(folder)) execFileSync('/bin/sh', [...BY_FORCE, folder], { stdio: 'ignore' });
  }
}

/** A link in its place would be followed by chmod. */
function canForce(folder: string): boolean {
  return process.platform !== 'win32' && lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Removes the folders of runs whose host is gone. Resolves to their paths. */
export async function removeStaleFolders(parent = tmpdir()): Promise<string[]> {
  const stale = (await readdir(parent).catch(() => [])).filter(isStale).map((name) => join(parent, name));
  const removed = await Promise.all(stale.map(async (folder) => ((await removeRunFolder(folder)) ? folder : null)));
  return removed.filter((folder) => folder !== null);
}

function isStale(name: string): boolean {
  const match = /^backend-labs-run-(\d+)-(\d+)-[0-9a-f]+$/.exec(name);
  if (!match) return false;
  const pid = Number(match[1]);
  return !isAlive(pid) || String(startOf(pid)) !== match[2];
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process started, in clock ticks since boot; 0 where the system does not say. */
function startOf(pid: number): number {
  return readProcess(pid)?.startTicks ?? 0;
}
