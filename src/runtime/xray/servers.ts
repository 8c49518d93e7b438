import { rootOf } from './family.ts';
import { nameOf, readIdentity } from './identity.ts';
import { MachineProcesses } from './machineProcesses.ts';

/** A server of this machine: the process that it began with, and where it listens. */
export interface Server {
  readonly pid: number;
  readonly name: string;
  readonly title: string;
  readonly user: string;
  readonly ports: readonly number[];
}

/** A port that someone listens on whose processes this user may not look into. */
export interface UnseenPort {
  readonly port: number;
  readonly user: string;
}

/** All servers with a TCP port. Throws where there is no /proc, and when `signal` aborts. */
export async function listServers(signal: AbortSignal): Promise<{ readonly servers: readonly Server[]; readonly unseen: readonly UnseenPort[] }> {
  const machine = await MachineProcesses.read();
  const ports = new Map<number, Set<number>>();
  const seen = new Set<number>();
  for (const pid of machine.pids) {
    signal.throwIfAborted();
    const listening = await machine.listening(pid);
    if (listening === null || listening.size === 0) continue;
    for (const inode of listening.keys()) seen.add(inode);
    const root = await rootOf(pid, machine);
    ports.set(root, new Set([...(ports.get(root) ?? []), ...listening.values()]));
  }
  const servers = await Promise.all(
    [...ports].map(async ([pid, open]) => {
      const name = machine.stat(pid)?.name ?? '';
      const { title, user } = await readIdentity(pid, name);
      return { pid, name, title, user, ports: [...open].sort((a, b) => a - b) };
    }),
  );
  const hidden = machine.listeners.filter(({ inode }) => !seen.has(inode));
  const unseen = new Map(await Promise.all(hidden.map(async ({ localPort, uid }) => [localPort, { port: localPort, user: await nameOf(uid) }] as const)));
  return { servers: servers.sort((a, b) => (a.ports[0] ?? 0) - (b.ports[0] ?? 0)), unseen: [...unseen.values()].sort((a, b) => a.port - b.port) };
}
