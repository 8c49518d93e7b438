import type { XrayProcess } from '../../shared/xray/sample.ts';
import type { Recognised } from '../../shared/xray/view.ts';
import type { Door } from './crew.ts';
import { hasPool, oneThread, threadsWithin } from './threads.ts';
import { plural, some } from './words.ts';

/** Programs that are known to fork for each connection, which shows only while there is one. */
const FORKS_PER_CONNECTION = /^(postgres|sshd|sshd-session)$/;

/** The pattern where one process alone holds the listening socket: what its children do decides. */
export function onlyHolder({ at, inodes, holders }: Door, crew: readonly XrayProcess[]): Recognised[] {
  const holder = holders[0] as XrayProcess;
  const below = crew.filter(({ pid, holds }) => pid !== holder.pid && holds.length === 0 && isBelow(pid, holder.pid, crew));
  const first = `Process ${holder.pid} alone holds the listening socket with inode ${inodes[0] ?? ''} on ${at}.`;

  const several = below.some(({ serves }) => serves > 1);
  const handed = below.filter(({ clusterWorker, serves }) => clusterWorker || (several && serves > 0));
  if (handed.length > 0) return [{ pattern: 'hands-out', evidence: [first, handedOut(handed)] }];

  const serving = below.filter(({ serves }) => serves === 1);
  if (serving.length > 0) {
    const evidence = `${plural(serving.length, 'child holds', 'of its children hold')} one connection of that port each (${some(serving.map(({ pid }) => pid))}), and it keeps no descriptor of them itself.`;
    return [{ pattern: 'process-per-connection', evidence: [first, evidence] }];
  }
  if (FORKS_PER_CONNECTION.test(holder.program ?? holder.name)) {
    const evidence = `No child holds a connection of that port now: ${holder.name} is known to fork one for each, and that shows while one is open.`;
    return [{ pattern: 'process-per-connection', evidence: [first, evidence] }];
  }

  const backup = below.find((child) => child.parentPid === holder.pid && (child.writes.length > 0 || child.inherits > 0));
  if (backup) return [{ pattern: 'fork-for-backup', evidence: [first, oneThread(holder), backupWords(backup, holder)] }];
  if (hasPool(holder)) return [threadPool(first, holder)];
  return [{ pattern: 'one-thread', evidence: [`${first} No child takes a connection.`, oneThread(holder)] }];
}

function isBelow(pid: number, ancestor: number, crew: readonly XrayProcess[]): boolean {
  const parent = crew.find((each) => each.pid === pid)?.parentPid;
  return parent !== undefined && (parent === ancestor || isBelow(parent, ancestor, crew));
}

function handedOut(handed: readonly XrayProcess[]): string {
  const serves = handed.reduce((sum, process) => sum + process.serves, 0);
  const pids = some(handed.map(({ pid }) => pid));
  const who = handed.length === 1 ? `Its child ${pids} holds` : `Its ${handed.length} children ${pids} hold`;
  const now = serves > 0 ? `serve ${plural(serves, 'connection')} of that port now. Each came to them as a descriptor that was passed on.` : 'serve no connection of it now.';
  const by = handed.every(({ clusterWorker }) => clusterWorker) ? ' Node’s cluster module started them (NODE_UNIQUE_ID in their environment).' : '';
  return `${who} no listening socket; together they ${now}${by}`;
}

function backupWords({ pid, inherits, writes, sharedBytes, rssBytes, title }: XrayProcess, holder: XrayProcess): string {
  const inherited = inherits > 0 ? ` has the same ${plural(inherits, 'connection')} open as its parent (inherited by fork)` : '';
  const [file] = writes;
  const written = file === undefined ? '' : `${inherited ? ' and' : ''} writes ${file.slice(file.lastIndexOf('/') + 1)}`;
  const shared = sharedBytes === null || rssBytes === 0 ? '' : ` ${Math.round((100 * sharedBytes) / rssBytes)} % of its memory is shared with others, copied only when written.`;
  return `Its child ${pid} (${title}) does not listen, and${inherited}${written}: it was forked from ${holder.pid} to work on a frozen copy of its memory.${shared}`;
}

function threadPool(first: string, holder: XrayProcess): Recognised {
  const [pool] = threadsWithin([holder]);
  return { pattern: 'thread-pool', evidence: [first, ...(pool?.evidence ?? [])] };
}
