import { readdirSync, readFileSync } from 'node:fs';
import { listPids, readProcess } from './processTable.ts';

/** USER_HZ, in which /proc/stat counts, is 100 on every architecture that Node has. */
const TICK_MS = 10;

/**
 * How long processes that wanted a core had none, by the kernel's own account: the run-queue wait of each of their threads
 * (second field of /proc/PID/task/TID/schedstat), and what the hypervisor took (`steal` of /proc/stat). What a client
 * measures cannot be later by more than this because of other work on the machine.
 */
export class CoreWaits {
  readonly #pids: readonly number[];
  readonly #before: ReadonlyMap<string, number>;
  readonly #stolenBeforeMs = stolenMs();

  /** @param pids whose waits count from now on; what they start counts too */
  constructor(pids: readonly number[]) {
    this.#pids = pids;
    this.#before = waits(pids);
  }

  /** Milliseconds since the start, of all threads together; null where the system does not say. */
  waitedMs(): number | null {
    const now = waits(withDescendants(this.#pids));
    if (now.size === 0) return null;
    const waited = [...now].reduce((sum, [thread, ns]) => sum + Math.max(0, ns - (this.#before.get(thread) ?? 0)), 0);
    return waited / 1e6 + stolenMs() - this.#stolenBeforeMs;
  }
}

/** `pid/tid` → nanoseconds on a run queue. */
function waits(pids: readonly number[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const pid of pids) {
    for (const tid of threadsOf(pid)) {
      const ns = Number(read(`/proc/${pid}/task/${tid}/schedstat`)?.split(' ')[1]);
      if (Number.isFinite(ns)) found.set(`${pid}/${tid}`, ns);
    }
  }
  return found;
}

/** Of this process only the main thread: its others serve no client. */
function threadsOf(pid: number): string[] {
  if (pid === process.pid) return [String(pid)];
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function withDescendants(pids: readonly number[]): number[] {
  const found = new Set(pids);
  const stats = listPids().flatMap((pid) => readProcess(pid) ?? []);
  for (let before = -1; before < found.size; ) {
    before = found.size;
    for (const { pid, parentPid } of stats) if (found.has(parentPid)) found.add(pid);
  }
  return [...found];
}

function stolenMs(): number {
  const fields = read('/proc/stat')?.split('\n')[0]?.split(/\s+/) ?? [];
  return Number(fields[8] ?? 0) * TICK_MS;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}
