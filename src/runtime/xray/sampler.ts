import { listPids, readProcess, type ProcessStat } from '../processTable.ts';
import type { StateCount, XrayConnection, XrayListener, XraySample } from '../../shared/xray/sample.ts';
import { Backlogs } from './backlogs.ts';
import { familyOf } from './family.ts';
import { look, type Look } from './look.ts';
import { describeProcess } from './describe.ts';
import { socketsOf } from './sockets.ts';
import { readTcpRows, type TcpRow } from './tcpRows.ts';

/** So many processes of one server are looked at one by one. */
const MOST_PROCESSES = 128;
const MOST_CONNECTIONS = 20;

/** Looks at one server again and again. */
export class XraySampler {
  private readonly backlogs = new Backlogs();
  private root: ProcessStat | null;

  constructor(
    readonly rootPid: number,
    private readonly nowMs: () => number,
  ) {
    this.root = readProcess(rootPid);
  }

  /** One look; null when the process has ended. A pid that was given to another process since is none of ours. */
  async sample(): Promise<XraySample | null> {
    const begunAtMs = this.nowMs();
    const root = readProcess(this.rootPid);
    if (!root || root.state === 'Z' || root.startTicks !== this.root?.startTicks) return null;
    const stats = listPids().map(readProcess).filter((stat) => stat !== null);
    const { members, leftOut } = familyOf(root, stats, MOST_PROCESSES);
    const [rows, looks] = await Promise.all([readTcpRows(this.rootPid), Promise.all(members.map(look))]);
    const sockets = socketsOf(looks, rows);
    const backlogs = await this.backlogs.of(sockets.listening.map(({ inode }) => inode), begunAtMs);
    const processes = looks.map((each) => describeProcess(each, looks.find(({ stat }) => stat.pid === each.stat.parentPid), sockets));
    return {
      rootPid: this.rootPid,
      takenAtMs: begunAtMs,
      tookMs: this.nowMs() - begunAtMs,
      processes,
      leftOut,
      listeners: sockets.listening.map((row) => listenerOf(row, backlogs, rows)),
      served: byState(sockets.served),
      outgoing: byState(sockets.outgoing),
      busiest: busiest([...sockets.served, ...sockets.outgoing], looks),
    };
  }
}

function listenerOf(row: TcpRow, backlogs: ReadonlyMap<number, number>, rows: readonly TcpRow[]): XrayListener {
  const synQueue = rows.filter(({ state, localPort }) => state === 'SYN_RECV' && localPort === row.localPort).length;
  return { inode: row.inode, address: row.localAddress, port: row.localPort, acceptQueue: row.receiveQueue, backlog: backlogs.get(row.inode) ?? null, synQueue };
}

function byState(rows: readonly TcpRow[]): StateCount[] {
  const counts = new Map<string, StateCount>();
  for (const { state, sendQueue, receiveQueue } of rows) {
    const { count = 0, sendQueueBytes = 0, receiveQueueBytes = 0 } = counts.get(state) ?? {};
    counts.set(state, { state, count: count + 1, sendQueueBytes: sendQueueBytes + sendQueue, receiveQueueBytes: receiveQueueBytes + receiveQueue });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count || a.state.localeCompare(b.state));
}

function busiest(rows: readonly TcpRow[], looks: readonly Look[]): XrayConnection[] {
  const waiting = (row: TcpRow): number => row.sendQueue + row.receiveQueue;
  return [...rows]
    .sort((a, b) => waiting(b) - waiting(a))
    .slice(0, MOST_CONNECTIONS)
    .map((row) => ({
      pid: looks.findLast(({ descriptors }) => row.inode !== 0 && descriptors?.sockets.has(row.inode))?.stat.pid ?? null,
      local: `${row.localAddress}:${row.localPort}`,
      remote: `${row.remoteAddress}:${row.remotePort}`,
      state: row.state,
      sendQueueBytes: row.sendQueue,
      receiveQueueBytes: row.receiveQueue,
    }));
}
