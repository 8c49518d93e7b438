import type { XrayListener, XrayProcess, XraySample, XrayThread } from '../../../src/shared/xray/sample.ts';

/** A process of a planted tree: the root's child unless it says otherwise. */
export function planted(pid: number, more: Partial<XrayProcess> = {}): XrayProcess {
  const name = more.name ?? 'served';
  return {
    pid,
    parentPid: pid === 10 ? 1 : 10,
    startTicks: pid * 100,
    depth: pid === 10 ? 0 : 1,
    name,
    program: name,
    title: name,
    user: 'ada',
    permitted: true,
    threadCount: more.threads?.length ?? 1,
    threads: [{ tid: pid, name, wait: 'events', cpuMs: 0 }],
    cpuMs: 0,
    rssBytes: 4 * 1024 * 1024,
    pssBytes: 1024 * 1024,
    sharedBytes: 3 * 1024 * 1024,
    holds: [],
    waitsAt: [],
    listeningLoops: (more.waitsAt ?? []).length > 0 ? 1 : 0,
    serves: 0,
    inherits: 0,
    connectsTo: 0,
    sendQueueBytes: 0,
    receiveQueueBytes: 0,
    writes: [],
    clusterWorker: false,
    ...more,
  };
}

export function listener(inode: number, port = 8080, more: Partial<XrayListener> = {}): XrayListener {
  return { inode, address: '127.0.0.1', port, acceptQueue: 0, backlog: 511, synQueue: 0, ...more };
}

/** Threads of a process: how many of each name, and what they wait for. */
export function threads(pid: number, ...groups: readonly (readonly [name: string, count: number, wait: XrayThread['wait']])[]): XrayThread[] {
  return groups.flatMap(([name, count, wait]) => Array.from({ length: count }, () => ({ name, wait }))).map((thread, i) => ({ ...thread, tid: pid + i, cpuMs: 0 }));
}

/** A sample of these processes, the first of which is the root. */
export function sampleOf(processes: readonly XrayProcess[], listeners: readonly XrayListener[], more: Partial<XraySample> = {}): XraySample {
  return { rootPid: processes[0]?.pid ?? 0, takenAtMs: 0, tookMs: 5, processes, leftOut: 0, listeners, served: [], outgoing: [], busiest: [], ...more };
}
