/** What one look at a server's processes gave. Times of the wall clock are in ms since 1970. */
export interface XraySample {
  readonly rootPid: number;
  readonly takenAtMs: number;
  /** How long the look itself took: its figures are not of one instant, but of this span. */
  readonly tookMs: number;
  /** The root first, then each process after its parent. */
  readonly processes: readonly XrayProcess[];
  /** Processes below the root that were not looked at, because there are too many. */
  readonly leftOut: number;
  readonly listeners: readonly XrayListener[];
  /** Connections at the listeners' ports, by state; those that wait for accept() too, which belong to no process yet. */
  readonly served: readonly StateCount[];
  /** All other connections of these processes, by state. */
  readonly outgoing: readonly StateCount[];
  /** The connections with the most bytes waiting, longest first. */
  readonly busiest: readonly XrayConnection[];
}

export interface XrayProcess {
  readonly pid: number;
  readonly parentPid: number;
  /** In clock ticks since boot: with the pid it names a process for good. */
  readonly startTicks: number;
  /** 0 for the root, 1 for its children. */
  readonly depth: number;
  /** The kernel's name of it, at most 15 bytes. */
  readonly name: string;
  /** File name of the program it runs; null where that may not be read. */
  readonly program: string | null;
  /** Its command line, as it shows itself. */
  readonly title: string;
  readonly user: string;
  /** False where descriptors, shared memory and waits of this process may not be read by this user (ptrace(2), access mode checks). */
  readonly permitted: boolean;
  /** All threads there are; `threads` has the first of them. */
  readonly threadCount: number;
  readonly threads: readonly XrayThread[];
  /** Processor time of all its threads so far. */
  readonly cpuMs: number;
  /** All its pages in memory, those it shares with others too (VmRSS). */
  readonly rssBytes: number;
  /** Each page divided by how many processes map it (Pss of smaps_rollup); null where it is not told. */
  readonly pssBytes: number | null;
  /** Pages that other processes map too; null where that is not told. */
  readonly sharedBytes: number | null;
  /** Inodes of the listening sockets that it has a descriptor of. */
  readonly holds: readonly number[];
  /** Those of them that it waits at: in one of its epoll sets, or a thread is in accept() or poll(). */
  readonly waitsAt: readonly number[];
  /** Epoll sets with a listening socket in them. */
  readonly listeningLoops: number;
  /** Connections at a listener's port that its parent has no descriptor of. */
  readonly serves: number;
  /** Connections at a listener's port that its parent has a descriptor of too. */
  readonly inherits: number;
  /** Its other connections. */
  readonly connectsTo: number;
  /** Bytes of its connections that the peer has not acknowledged, and that it has not read. */
  readonly sendQueueBytes: number;
  readonly receiveQueueBytes: number;
  /** Files that it has open for writing and its parent has not. */
  readonly writes: readonly string[];
  /** True where its environment says that Node's cluster module started it. */
  readonly clusterWorker: boolean;
}

/** What a thread does in the kernel, from the function it sleeps in (/proc/PID/task/TID/wchan). */
export type Wait = 'runs' | 'events' | 'accept' | 'poll' | 'lock' | 'data' | 'time' | 'child' | 'disk' | 'other' | 'unread';

export interface XrayThread {
  readonly tid: number;
  readonly name: string;
  readonly wait: Wait;
  readonly cpuMs: number;
}

export interface XrayListener {
  /** Inode of the socket: the same in every process that has a descriptor of it. */
  readonly inode: number;
  readonly address: string;
  readonly port: number;
  /** Finished handshakes that wait for accept(). */
  readonly acceptQueue: number;
  /** The backlog as the kernel keeps it (sk_max_ack_backlog); the queue holds one more. Null where it is not told. */
  readonly backlog: number | null;
  /** Connections in SYN_RECV at its port. */
  readonly synQueue: number;
}

export interface StateCount {
  readonly state: TcpState;
  readonly count: number;
  readonly sendQueueBytes: number;
  readonly receiveQueueBytes: number;
}

export interface XrayConnection {
  readonly pid: number | null;
  readonly local: string;
  readonly remote: string;
  readonly state: TcpState;
  readonly sendQueueBytes: number;
  readonly receiveQueueBytes: number;
}

/** In the order of the kernel's numbers, from 1 (include/net/tcp_states.h). */
export const TCP_STATES = ['ESTABLISHED', 'SYN_SENT', 'SYN_RECV', 'FIN_WAIT1', 'FIN_WAIT2', 'TIME_WAIT', 'CLOSE', 'CLOSE_WAIT', 'LAST_ACK', 'LISTEN', 'CLOSING', 'NEW_SYN_RECV'] as const;
export type TcpState = (typeof TCP_STATES)[number];
