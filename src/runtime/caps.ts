import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

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
  writeFileSync(join(folder, FILE), JSON.stringify(exceeded));
}

/** Null where no cap was exceeded. */
export async function readWord(folder: string): Promise<CapExceeded | null> {
  return readFile(join(folder, FILE), 'utf8').then((text) => JSON.parse(text) as CapExceeded, () => null);
}
