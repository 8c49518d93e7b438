import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { RUN_MARK } from './environment.ts';
import { carriesLimitMark } from './limitMark.ts';
import { listPids, readProcess } from './processTable.ts';
import { readRegularFile } from './regularFile.ts';

/** One run, as its processes are known by. */
export interface RunIdentity {
  readonly runId: string;
  readonly folder: string;
}

/** The file in a run's folder where the watchdog writes each process it has seen: `pid startTicks` a line. */
export const SEEN_FILE = 'processes';

/** Of that file, its end: some 10 000 processes. */
const SEEN_BYTES = 128 * 1024;
const SWEEPS = 200;
const BETWEEN_MS = 10;
/** How long processes are looked at before the event loop is let go on. Each takes some 50 µs, and more while it is being made. */
const SLICE_MS = 4;

/**
 * Ends what is left of a run besides this process: whoever carries one of its marks, has its folder as working directory, or was
 * seen by its watchdog as a descendant. Sweeps until none is found, since one may start another meanwhile.
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
    await sleep(BETWEEN_MS);
  }
  return { met: met.size, gone: false };
}

/** The same without the event loop, for a thread of its own: where a fork bomb has the cores, each wait is a long one. */
export function endStraysNow(run: RunIdentity): void {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const seen = readSeen(run);
    const strays = listPids().filter((pid) => belongs(pid, run, seen) && signalProcess(pid, 'SIGKILL'));
    if (strays.length === 0) return;
    Atomics.wait(clock, 0, 0, 1);
  }
}

/** Pids of a run's processes besides this one that still live (not zombies); empty where there is no /proc. */
export async function findStrays(run: RunIdentity): Promise<number[]> {
  const seen = readSeen(run);
  const found: number[] = [];
  let began = performance.now();
  for (const pid of listPids()) {
    if (belongs(pid, run, seen)) found.push(pid);
    if (performance.now() - began < SLICE_MS) continue;
    await turn();
    began = performance.now();
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

function belongs(pid: number, run: RunIdentity, seen: ReadonlyMap<number, number>): boolean {
  if (pid === process.pid) return false;
  const sure = carriesMark(pid, run.runId) || worksInside(pid, run.folder) || carriesLimitMark(pid, run.runId);
  if (!sure && !seen.has(pid)) return false;
  const stat = readProcess(pid);
  if (!stat || stat.state === 'Z' || stat.state === 'X') return false;
  return sure || seen.get(pid) === stat.startTicks;
}

function carriesMark(pid: number, runId: string): boolean {
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`.includes(`\0${RUN_MARK}=${runId}\0`);
  } catch {
    return false;
  }
}

function worksInside(pid: number, folder: string): boolean {
  try {
    return `${readlinkSync(`/proc/${pid}/cwd`)}/`.startsWith(`${folder}/`);
  } catch {
    return false;
  }
}

function readSeen({ folder }: RunIdentity): Map<number, number> {
  const lines = (readRegularFile(join(folder, SEEN_FILE), SEEN_BYTES) ?? '').split('\n').filter((line) => line !== '');
  return new Map(lines.map((line) => line.split(' ').map(Number) as [number, number]));
}
