import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRegularFile } from './regularFile.ts';

/** More processes than an exercise needs; a fork bomb passes it at once. */
export const PROCESS_CAP = 64;
/** Resident memory of a run's programs together. */
export const MEMORY_CAP_BYTES = 1024 ** 3;

/** The cap that ended a run. */
export interface CapExceeded {
  readonly what: 'processes' | 'memory';
  /** Processes, or bytes. */
  readonly amount: number;
}

const FILE = 'cap-exceeded.json';

/** Leaves word in the run's folder for the host: who writes it ends the run in the next moment, itself included. */
export function leaveWord(folder: string, exceeded: CapExceeded): void {
  try {
    // What a program put there before is not to be waited for, or followed.
    rmSync(join(folder, FILE), { force: true });
    writeFileSync(join(folder, FILE), JSON.stringify(exceeded), { flag: 'wx' });
  } catch {
    // The host then says how the run ended without why.
  }
}

/** Null where no cap was exceeded. */
export function readWord(folder: string): CapExceeded | null {
  try {
    const { what, amount } = JSON.parse(readRegularFile(join(folder, FILE), 1000) ?? '{}') as Partial<CapExceeded>;
    return (what === 'processes' || what === 'memory') && typeof amount === 'number' ? { what, amount } : null;
  } catch {
    return null;
  }
}
