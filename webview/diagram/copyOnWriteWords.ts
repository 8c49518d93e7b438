import { FORK_KIND } from '../../src/shared/forkTrace.ts';
import type { TraceEvent } from '../../src/shared/trace.ts';
import { formatNumber, formatTime, plural } from '../format.ts';
import { formatBytes } from './buffersWords.ts';
import type { CopyOnWrite, CopyState } from './copyOnWrite.ts';

/** The sentence to remember: how many pages so many writes have copied. */
export function copyTakeaway(cow: CopyOnWrite): string {
  const { writes, copied, extraBytes } = cow.at(Infinity);
  const { pages, pageBytes } = cow;
  if (writes === 0) return `fork() copies no page: ${plural(pages, 'page')} are shared, ${formatBytes(pages * pageBytes)}, and nobody writes.`;
  const share = `${formatNumber((100 * copied) / pages)} %`;
  const end = copied === pages ? 'the memory has doubled' : `${formatBytes(extraBytes)} more, ${share} of the memory`;
  return `${plural(writes, 'write')} copy ${formatNumber(copied)} of ${plural(pages, 'page')}: ${end}.`;
}

/** The line of state: what the last step brought, and how things stand. */
export function copyState({ forked, writes, faults, copied, extraBytes, newest }: CopyState, { pages }: CopyOnWrite, timeNs: number): string {
  if (pages === 0) return 'Nothing that could fork was measured here.';
  if (!forked) return 'Before fork(): one process, one page table.';
  if (writes === 0) return `${formatTime(timeNs)}: fork() has returned. The page table is copied, ${plural(pages, 'entry').replace('entrys', 'entries')}, and no page: every frame is shared and read-only.`;
  const last = newest ? `write ${formatNumber(writes)} goes to page ${formatNumber(newest.page)}, ${newest.copies ? 'which is shared: a fault, a copy, and the parent’s pointer moves' : 'of which the parent has its own copy: no fault'}. ` : '';
  return `${formatTime(timeNs)}: ${last}${plural(writes, 'write')}, ${plural(faults, 'fault')}, ${plural(copied, 'page')} copied, ${formatBytes(extraBytes)} more than at fork().`;
}

/** One event of a copy-on-write trace as a sentence without its time. */
export function describeCopy({ kind, entity, value, detail }: TraceEvent): string {
  switch (kind) {
    case FORK_KIND.fork:
      return `fork() returns: ${plural(value, 'page')} are shared with ${plural(Number(detail?.children ?? 1), 'child').replace('childs', 'children')}`;
    case FORK_KIND.write:
      return `The parent writes to page ${formatNumber(value)}, which is its own`;
    case FORK_KIND.fault:
      return `The parent writes to page ${formatNumber(value)}, which is shared: it is copied`;
    case FORK_KIND.writes:
      return `Writes so far: ${formatNumber(value)}`;
    case FORK_KIND.copied:
      return `Pages copied so far: ${formatNumber(value)}`;
    case FORK_KIND.faults:
      return `Faults of the parent so far: ${formatNumber(value)}`;
    case FORK_KIND.extra:
      return `More memory than at fork(): ${formatBytes(value)}`;
    default:
      return `${entity.replace(':', ' ').replace('-', ' to ')}: ${formatNumber(value)} copied`;
  }
}
