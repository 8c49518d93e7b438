import { readdirSync, readFileSync } from 'node:fs';

/** What the kernel says of one process (proc(5), /proc/PID/stat). */
export interface ProcessStat {
  readonly pid: number;
  /** At most 15 bytes. */
  readonly name: string;
  /** `R`, `S`, `Z`, … */
  readonly state: string;
  readonly parentPid: number;
  readonly groupId: number;
  /** In clock ticks since boot: with the pid it names a process for good. */
  readonly startTicks: number;
  /** CPU time in clock ticks, its own and that of its children which ended and were waited for. */
  readonly cpuTicks: number;
  /** Its own alone, of all its threads; a tick is 10 ms (USER_HZ is 100 for every program of Linux). */
  readonly ownCpuTicks: number;
}

/** Pids of all processes; empty where there is no /proc. */
export function listPids(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter((pid) => Number.isInteger(pid) && pid > 0);
  } catch {
    return [];
  }
}

/** Null where the process is gone, or there is no /proc. */
export function readProcess(pid: number): ProcessStat | null {
  try {
    return parseStat(pid, readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return null;
  }
}

/** Open descriptors of a process of this user; null where the system does not say. */
export function countDescriptors(pid: number): number | null {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return null;
  }
}

/** Resident memory of a process in bytes (VmRSS of /proc/PID/status, which is in kB whatever the page size); null where the system does not say. */
export function residentBytes(pid: number): number | null {
  try {
    const match = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
    return match ? Number(match[1]) * 1024 : null;
  } catch {
    return null;
  }
}

/** The text of a stat file, of a process or of a thread. The name (field 2) may hold spaces and brackets; what follows the last bracket does not. */
export function parseStat(pid: number, text: string): ProcessStat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return {
    pid,
    name: text.slice(text.indexOf('(') + 1, text.lastIndexOf(')')),
    state: fields[0] as string,
    parentPid: Number(fields[1]),
    groupId: Number(fields[2]),
    startTicks: Number(fields[19]),
    ownCpuTicks: Number(fields[11]) + Number(fields[12]),
    cpuTicks: fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0),
  };
}
