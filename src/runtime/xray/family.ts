import type { ProcessStat } from '../processTable.ts';

/** What decides whether a process and its parent are one server; null where the descriptors may not be read. */
export type Listening = ReadonlyMap<number, number> | null;

/** Processes of a machine, to find those in that belong together. */
export interface Kinship {
  stat(pid: number): ProcessStat | undefined;
  children(pid: number): readonly number[];
  /** Inode → port of the listening sockets that it has a descriptor of. */
  listening(pid: number): Promise<Listening>;
}

/**
 * The process that a server began with, from any of its processes: up through parents of the same name as long as the two share a
 * listening socket, only the parent has one, or siblings listen on one port. Where descriptors may not be read, the name alone has to do.
 */
export async function rootOf(pid: number, kin: Kinship): Promise<number> {
  const [own, parentPid] = [kin.stat(pid), kin.stat(pid)?.parentPid ?? 0];
  if (parentPid <= 1 || kin.stat(parentPid)?.name !== own?.name) return pid;
  return (await belongTogether(pid, parentPid, kin)) ? rootOf(parentPid, kin) : pid;
}

async function belongTogether(pid: number, parentPid: number, kin: Kinship): Promise<boolean> {
  const [own, parents] = await Promise.all([kin.listening(pid), kin.listening(parentPid)]);
  if (own === null || parents === null) return true;
  if (own.size === 0) return parents.size > 0;
  if ([...own.keys()].some((inode) => parents.has(inode))) return true;
  const ports = new Set(own.values());
  for (const sibling of kin.children(parentPid)) {
    if (sibling !== pid && [...((await kin.listening(sibling)) ?? new Map<number, number>()).values()].some((port) => ports.has(port))) return true;
  }
  return false;
}

export interface Member {
  readonly stat: ProcessStat;
  readonly depth: number;
}

/** A process and all below it, each after its parent; the `most` nearest to the root, and how many are left out. */
export function familyOf(root: ProcessStat, stats: readonly ProcessStat[], most: number): { readonly members: readonly Member[]; readonly leftOut: number } {
  const children = childrenOf(stats);
  const kept = new Map<number, number>([[root.pid, 0]]);
  let found = 1;
  let level = [root.pid];
  for (let depth = 1; level.length > 0; depth++) {
    level = level.flatMap((pid) => (children.get(pid) ?? []).map((child) => child.pid));
    found += level.length;
    for (const pid of level) if (kept.size < most) kept.set(pid, depth);
  }
  const inOrder = (stat: ProcessStat): Member[] => {
    const depth = kept.get(stat.pid);
    return depth === undefined ? [] : [{ stat, depth }, ...(children.get(stat.pid) ?? []).flatMap(inOrder)];
  };
  return { members: inOrder(root), leftOut: found - kept.size };
}

/** Parent → its children, oldest first. */
export function childrenOf(stats: readonly ProcessStat[]): ReadonlyMap<number, ProcessStat[]> {
  const children = new Map<number, ProcessStat[]>();
  for (const stat of [...stats].sort((a, b) => a.startTicks - b.startTicks || a.pid - b.pid)) {
    const siblings = children.get(stat.parentPid);
    if (siblings) siblings.push(stat);
    else children.set(stat.parentPid, [stat]);
  }
  return children;
}
