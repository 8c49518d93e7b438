import { readFileSync } from 'node:fs';

/** Above any memory that there is, so that it limits nothing; in KiB. */
const BASE_KIB = 2 ** 40;

/**
 * A run's mark that a process cannot shed by a new session, environment or directory, nor by becoming an orphan: its limit on resident
 * memory (RLIMIT_RSS), which Linux keeps and hands down and otherwise takes no notice of (getrlimit(2)). In KiB, as `ulimit -m` takes it.
 */
export function limitMarkKib(runId: string): number {
  return BASE_KIB + Number.parseInt(runId.slice(0, 9), 16);
}

/** Whether a process, or whoever started it, was started with that limit. */
export function carriesLimitMark(pid: number, runId: string): boolean {
  try {
    const limit = /^Max resident set +(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'latin1'))?.[1];
    return Number(limit) === limitMarkKib(runId) * 1024;
  } catch {
    return false;
  }
}
