import { readFileSync } from 'node:fs';
import { listPids, readProcess } from './processTable.ts';

/** USER_HZ, in which /proc counts, is 100 on every architecture that Node has. */
const TICK_MS = 10;

/**
 * How much of the machine's processors others use: what all of them were busy (`cpu` of /proc/stat, with what a hypervisor took) less
 * what the processes of one group used, those that ended included.
 */
export class OthersLoad {
  readonly #groupId: number;
  #atMs = performance.now();
  #others: number | null;

  /** @param groupId the process group that is not others; it counts from now on */
  constructor(groupId: number) {
    this.#groupId = groupId;
    this.#others = othersTicks(groupId);
  }

  /** Cores that others kept busy, on average since the start, or since this was last asked; null where the system does not say. */
  cores(): number | null {
    const [beforeMs, before] = [this.#atMs, this.#others];
    this.#atMs = performance.now();
    this.#others = othersTicks(this.#groupId);
    if (before === null || this.#others === null) return null;
    return Math.max(0, ((this.#others - before) * TICK_MS) / (this.#atMs - beforeMs));
  }
}

function othersTicks(groupId: number): number | null {
  const all = busyTicks();
  if (all === null) return null;
  const own = listPids().reduce((sum, pid) => {
    const stat = readProcess(pid);
    return stat?.groupId === groupId ? sum + stat.cpuTicks : sum;
  }, 0);
  return all - own;
}

/** proc(5), /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal; guests are in user. */
function busyTicks(): number | null {
  try {
    const [, user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (readFileSync('/proc/stat', 'latin1').split('\n')[0] ?? '').split(/\s+/).map(Number);
    return user + nice + system + irq + softirq + steal;
  } catch {
    return null;
  }
}
