import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Numbers of the processors that this process may run on, as the kernel counts them; null where the system does not say. */
export function allowedProcessors(): number[] | null {
  try {
    const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
    return list === undefined ? null : parseProcessorList(list);
  } catch {
    return null;
  }
}

/** `0-2,5` is 0, 1, 2, 5 (cpuset(7), list format). */
export function parseProcessorList(list: string): number[] {
  return list.split(',').flatMap((range) => {
    const [first = NaN, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/**
 * Binds a process, with all the threads it has now, to these processors by util-linux's taskset, which needs no privilege
 * for processes of one's own. Threads and processes that it starts later are bound with it. False where that cannot be done.
 */
export function bindProcess(pid: number, processors: readonly number[]): Promise<boolean> {
  // Of a process that is not there taskset binds no thread, says nothing and succeeds.
  return new Promise((resolve) => execFile('taskset', ['-acp', processors.join(','), String(pid)], (error, stdout) => resolve(error === null && stdout !== '')));
}
