import { readFile } from 'node:fs/promises';
import { parseRollup } from '../processMemory.ts';

/** Memory of a process in bytes; what smaps_rollup tells is null where this user may not read it, or the kernel has none (before Linux 4.14). */
export interface Memory {
  readonly rssBytes: number;
  readonly pssBytes: number | null;
  readonly sharedBytes: number | null;
}

export async function readMemory(pid: number): Promise<Memory> {
  const [status, rollup] = await Promise.all(['status', 'smaps_rollup'].map((name) => readFile(`/proc/${pid}/${name}`, 'latin1').catch(() => '')));
  return memoryIn(status ?? '', rollup ?? '');
}

/** The same in the texts of /proc/PID/status, which any user may read, and smaps_rollup. */
export function memoryIn(status: string, rollup: string): Memory {
  const rssKib = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
  const told = parseRollup(rollup);
  return { rssBytes: rssKib === undefined ? 0 : Number(rssKib) * 1024, pssBytes: told?.pss ?? null, sharedBytes: told && told.sharedClean + told.sharedDirty };
}
