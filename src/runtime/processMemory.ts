import { readFileSync } from 'node:fs';

/** Memory of one process, in bytes (proc(5), /proc/PID/smaps_rollup, which is in kB whatever the page size). */
export interface ProcessMemory {
  /** Resident: every page that it maps and that is in memory, however many others map it too. */
  readonly rss: number;
  /** Proportional: each page divided by the number of processes that map it, so that the PSS of all add up to what is used. */
  readonly pss: number;
  readonly sharedClean: number;
  readonly sharedDirty: number;
  readonly privateClean: number;
  readonly privateDirty: number;
}

const FIELDS = { rss: 'Rss', pss: 'Pss', sharedClean: 'Shared_Clean', sharedDirty: 'Shared_Dirty', privateClean: 'Private_Clean', privateDirty: 'Private_Dirty' } as const;

/** Null where the process is gone, is another user's, or the system does not say (before Linux 4.14, and outside Linux). */
export function readProcessMemory(pid: number): ProcessMemory | null {
  try {
    return parseRollup(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'));
  } catch {
    return null;
  }
}

/** The same in the text of smaps_rollup. */
export function parseRollup(text: string): ProcessMemory | null {
  const bytes = (field: string): number => 1024 * Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]);
  const entries = Object.entries(FIELDS).map(([name, field]) => [name, bytes(field)] as const);
  return entries.some(([, value]) => Number.isNaN(value)) ? null : (Object.fromEntries(entries) as unknown as ProcessMemory);
}
