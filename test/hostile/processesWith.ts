import { readdirSync, readFileSync } from 'node:fs';

export interface FoundProcess {
  readonly pid: number;
  readonly commandLine: string;
  /** Processor time it has used, in clock ticks (a hundredth of a second). */
  readonly cpuTicks: number;
}

/** The processes, except this one and dead ones, that have `token` in their environment or on their command line. */
export function processesWith(token: string): FoundProcess[] {
  const pids = readdirSync('/proc').map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  return pids.flatMap((pid) => {
    try {
      const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
      if (!commandLine.includes(token) && !readFileSync(`/proc/${pid}/environ`, 'latin1').includes(token)) return [];
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const dead = fields[0] === 'Z' || fields[0] === 'X';
      return dead ? [] : [{ pid, commandLine, cpuTicks: Number(fields[11]) + Number(fields[12]) }];
    } catch {
      return [];
    }
  });
}
