import { readFileSync } from 'node:fs';
import { listPids, readProcess, type ProcessStat } from './processTable.ts';

/** USER_HZ, in which /proc counts, is 100 on every architecture that Node has. */
const TICK_MS = 10;

/**
 * How much of the machine's processors others use: what all of them were busy (`cpu` of /proc/stat, with what a hypervisor took) less
 * what the processes of one group used, those that ended included.
 */
export class OthersLoad {
  readonly #groupId: number;
  #atMs = performance.now();
  #sample: Sample | null;

  /** @param groupId the process group that is not others; it counts from now on */
  constructor(groupId: number) {
    this.#groupId = groupId;
    this.#sample = sampled(groupId);
  }

  /** Cores that others kept busy, on average since the start, or since this was last asked; null where the system does not say. */
  cores(): number | null {
    const [beforeMs, before] = [this.#atMs, this.#sample];
    this.#atMs = performance.now();
    const now = (this.#sample = sampled(this.#groupId));
    if (before === null || now === null) return null;
    return Math.max(0, ((now.busyTicks - before.busyTicks - ownTicks(before, now)) * TICK_MS) / (this.#atMs - beforeMs));
  }
}

interface Sample {
  readonly busyTicks: number;
  /** The group's processes by pid, also those that ended and were not waited for yet. */
  readonly group: ReadonlyMap<number, ProcessStat>;
}

function sampled(groupId: number): Sample | null {
  const all = busyTicks();
  if (all === null) return null;
  const group = listPids().flatMap((pid) => {
    const stat = readProcess(pid);
    return stat?.groupId === groupId ? [[pid, stat] as const] : [];
  });
  return { busyTicks: all, group: new Map(group) };
}

/** What the group used between two samples. A process that is waited for leaves its time to who waited; an orphan, for whom init waits, takes it along. */
function ownTicks(before: Sample, now: Sample): number {
  const isThere = (pid: number): boolean => now.group.get(pid)?.startTicks === before.group.get(pid)?.startTicks;
  const orphans = [...before.group.values()].filter(({ pid, parentPid }) => !isThere(pid) && !(before.group.has(parentPid) && isThere(parentPid)));
  return ticks([...now.group.values(), ...orphans]) - ticks([...before.group.values()]);
}

function ticks(processes: readonly ProcessStat[]): number {
  return processes.reduce((sum, { cpuTicks }) => sum + cpuTicks, 0);
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
