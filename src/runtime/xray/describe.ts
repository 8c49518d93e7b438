import type { Wait, XrayProcess } from '../../shared/xray/sample.ts';
import type { Look } from './look.ts';
import type { Sockets } from './sockets.ts';

const TICK_MS = 10;

/** One process as the X-ray shows it: what was read of it, held against its parent and the machine's sockets. */
export function describeProcess({ stat, depth, identity, descriptors, threadCount, threads, memory }: Look, parent: Look | undefined, sockets: Sockets): XrayProcess {
  const own = descriptors?.sockets ?? new Set<number>();
  const parents = parent?.descriptors?.sockets ?? new Set<number>();
  const holds = sockets.listening.map(({ inode }) => inode).filter((inode) => own.has(inode));
  const listeningLoops = (descriptors?.epollSets ?? []).filter((set) => holds.some((inode) => set.has(inode)));
  const is = (wanted: Wait): boolean => threads.some(({ wait }) => wait === wanted);
  // poll() and select() do not tell what is waited for, and some use select() to sleep: they count where nobody uses epoll.
  const waits = (inode: number): boolean => is('accept') || listeningLoops.some((set) => set.has(inode)) || (is('poll') && !sockets.watched.has(inode));
  const served = sockets.served.filter(({ inode }) => own.has(inode));
  const outgoing = sockets.outgoing.filter(({ inode }) => own.has(inode));
  const connections = [...served, ...outgoing];
  return {
    pid: stat.pid,
    parentPid: stat.parentPid,
    startTicks: stat.startTicks,
    depth,
    name: stat.name,
    ...identity,
    permitted: descriptors !== null,
    threadCount,
    threads,
    cpuMs: stat.ownCpuTicks * TICK_MS,
    ...memory,
    holds,
    waitsAt: holds.filter(waits),
    listeningLoops: listeningLoops.length,
    serves: served.filter(({ inode }) => !parents.has(inode)).length,
    inherits: served.filter(({ inode }) => parents.has(inode)).length,
    connectsTo: outgoing.length,
    sendQueueBytes: connections.reduce((sum, { sendQueue }) => sum + sendQueue, 0),
    receiveQueueBytes: connections.reduce((sum, { receiveQueue }) => sum + receiveQueue, 0),
    writes: (descriptors?.writes ?? []).filter((file) => !parent?.descriptors?.writes.includes(file)),
  };
}
