import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** Bits of an entry of /proc/PID/pagemap (Documentation/admin-guide/mm/pagemap.rst); both are shown to any process of the same user. */
const PRESENT = 1n << 63n;
const EXCLUSIVE = 1n << 56n;
const ENTRY_BYTES = 8;

/** A stretch of a process's memory, in pages. */
export interface Region {
  readonly firstPage: number;
  readonly pages: number;
}

/** The longest run of anonymous pages that are in memory: what the process has filled. Null where the system does not show it. */
export function filledRegion(pid: number, pageBytes: number): Region | null {
  try {
    const { firstPage, pages } = largestMapping(pid, pageBytes);
    let best: Region = { firstPage, pages: 0 };
    let begin = 0;
    readPagemap(pid, firstPage, pages).forEach((entry, i) => {
      if ((entry & PRESENT) === 0n) begin = i + 1;
      else if (i + 1 - begin > best.pages) best = { firstPage: firstPage + begin, pages: i + 1 - begin };
    });
    return best.pages > 0 ? best : null;
  } catch {
    return null;
  }
}

/** How many pages in each of `runs` equal parts of the region nobody else maps: those that were copied since fork(). */
export function exclusivePages(pid: number, { firstPage, pages }: Region, runs: number): number[] {
  const counts = new Array<number>(runs).fill(0);
  readPagemap(pid, firstPage, pages).forEach((entry, i) => {
    const run = Math.floor((i * runs) / pages);
    if ((entry & PRESENT) !== 0n && (entry & EXCLUSIVE) !== 0n) counts[run] = (counts[run] as number) + 1;
  });
  return counts;
}

/** Page faults of a process that needed no disk: the 10th field of /proc/PID/stat, minflt. */
export function minorFaults(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[7]);
}

function largestMapping(pid: number, pageBytes: number): Region {
  const mappings = [...readFileSync(`/proc/${pid}/maps`, 'latin1').matchAll(/^([0-9a-f]+)-([0-9a-f]+) rw-p 00000000 00:00 0/gm)];
  const regions = mappings.map(([, from = '', to = '']) => ({ firstPage: parseInt(from, 16) / pageBytes, pages: (parseInt(to, 16) - parseInt(from, 16)) / pageBytes }));
  return regions.reduce((largest, region) => (region.pages > largest.pages ? region : largest), { firstPage: 0, pages: 0 });
}

function readPagemap(pid: number, firstPage: number, pages: number): BigUint64Array {
  const entries = new BigUint64Array(pages);
  const file = openSync(`/proc/${pid}/pagemap`, 'r');
  try {
    readSync(file, entries, 0, pages * ENTRY_BYTES, firstPage * ENTRY_BYTES);
  } finally {
    closeSync(file);
  }
  return entries;
}
