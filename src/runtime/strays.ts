import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RUN_MARK } from './environment.ts';
import { listPidsSoon, readProcessSoon } from './processTable.ts';

/** One run, as its processes are known by. */
export interface RunIdentity {
  readonly runId: string;
  readonly folder: string;
}

/** The file in a run's folder where the watchdog writes each process it has seen: `pid startTicks` a line. */
export const SEEN_FILE = 'processes';

const SWEEPS = 40;

/**
 * Ends what is left of a run outside its process group: whoever carries its mark, has its folder as working directory, or
 * was seen by its watchdog as a descendant. Sweeps until none is found, since one may start another meanwhile.
 * @returns how many processes it met, and false in `gone` if some outlived all sweeps
 */
export async function endStrays(run: RunIdentity): Promise<{ met: number; gone: boolean }> {
  const met = new Set<number>();
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const strays = await findStrays(run);
    if (strays.length === 0) return { met: met.size, gone: true };
    for (const pid of strays) {
      met.add(pid);
      signalProcess(pid, 'SIGKILL');
    }
    await sleep(10);
  }
  return { met: met.size, gone: false };
}

/** Pids of a run's processes that still live (not zombies); empty where there is no /proc. */
export async function findStrays(run: RunIdentity): Promise<number[]> {
  const seen = await readSeen(run);
  const found: number[] = [];
  const pids = await listPidsSoon();
  const batch = 32;
  for (let i = 0; i < pids.length; i += batch) {
    const checked = await Promise.all(pids.slice(i, i + batch).map(async (pid) => ((await belongs(pid, run, seen)) ? pid : null)));
    found.push(...checked.filter((pid) => pid !== null));
  }
  return found;
}

/** Sends a signal; false where there is no such process. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

async function belongs(pid: number, run: RunIdentity, seen: ReadonlyMap<number, number>): Promise<boolean> {
  if (pid === process.pid) return false;
  const [marked, inside] = await Promise.all([carriesMark(pid, run.runId), worksInside(pid, run.folder)]);
  if (!marked && !inside && !seen.has(pid)) return false;
  const stat = await readProcessSoon(pid);
  if (!stat || stat.state === 'Z' || stat.state === 'X') return false;
  return marked || inside || seen.get(pid) === stat.startTicks;
}

async function carriesMark(pid: number, runId: string): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
  return `\0${environment}`.includes(`\0${RUN_MARK}=${runId}\0`);
}

async function worksInside(pid: number, folder: string): Promise<boolean> {
  const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '');
  return `${cwd}/`.startsWith(`${folder}/`) || cwd === `${folder} (deleted)`;
}

async function readSeen({ folder }: RunIdentity): Promise<Map<number, number>> {
  const text = await readFile(join(folder, SEEN_FILE), 'latin1').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => line.split(' ').map(Number) as [number, number]));
}
