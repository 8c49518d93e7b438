import { HumanError } from '../../shared/errors.ts';
import { listPids, readProcess, type ProcessStat } from '../processTable.ts';
import { readSockets } from './descriptors.ts';
import { childrenOf, type Kinship, type Listening } from './family.ts';
import { readTcpRows, type TcpRow } from './tcpRows.ts';

/** The processes and listening sockets of this machine at one time; descriptors are read when they are asked for. */
export class MachineProcesses implements Kinship {
  private readonly stats: ReadonlyMap<number, ProcessStat>;
  private readonly kin: ReadonlyMap<number, ProcessStat[]>;
  private readonly asked = new Map<number, Promise<Listening>>();

  private constructor(
    stats: readonly ProcessStat[],
    /** Listening sockets of this process' network namespace. */
    readonly listeners: readonly TcpRow[],
  ) {
    this.stats = new Map(stats.map((stat) => [stat.pid, stat]));
    this.kin = childrenOf(stats);
  }

  /** Throws where there is no /proc. */
  static async read(): Promise<MachineProcesses> {
    if (process.platform !== 'linux') throw new HumanError('The X-ray reads /proc, which only Linux has. In a container, WSL or over SSH it looks at that machine.');
    const stats = listPids().map(readProcess).filter((stat) => stat !== null && stat.state !== 'Z');
    const rows = await readTcpRows(process.pid);
    return new MachineProcesses(stats as ProcessStat[], rows.filter(({ state }) => state === 'LISTEN'));
  }

  get pids(): number[] {
    return [...this.stats.keys()];
  }

  stat(pid: number): ProcessStat | undefined {
    return this.stats.get(pid);
  }

  children(pid: number): readonly number[] {
    return (this.kin.get(pid) ?? []).map((child) => child.pid);
  }

  listening(pid: number): Promise<Listening> {
    const known = this.asked.get(pid) ?? this.readListening(pid);
    this.asked.set(pid, known);
    return known;
  }

  private async readListening(pid: number): Promise<Listening> {
    const sockets = await readSockets(pid);
    if (sockets === null) return null;
    const own = new Set(sockets);
    return new Map(this.listeners.filter(({ inode }) => own.has(inode)).map(({ inode, localPort }) => [inode, localPort]));
  }
}
