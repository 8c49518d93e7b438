import type { Descriptors } from './descriptors.ts';
import type { TcpRow } from './tcpRows.ts';

/** Which of the machine's sockets are these processes'. */
export interface Sockets {
  readonly listening: readonly TcpRow[];
  readonly served: readonly TcpRow[];
  readonly outgoing: readonly TcpRow[];
  /** Inodes in any epoll set of these processes. */
  readonly watched: ReadonlySet<number>;
}

export function socketsOf(looks: readonly { readonly descriptors: Descriptors | null }[], rows: readonly TcpRow[]): Sockets {
  const held = new Set(looks.flatMap(({ descriptors }) => [...(descriptors?.sockets ?? [])]));
  const listening = rows.filter((row) => row.state === 'LISTEN' && held.has(row.inode));
  const ports = new Set(listening.map(({ localPort }) => localPort));
  const connections = rows.filter(({ state }) => state !== 'LISTEN');
  return {
    watched: new Set(looks.flatMap(({ descriptors }) => (descriptors?.epollSets ?? []).flatMap((set) => [...set]))),
    listening,
    served: connections.filter(({ localPort }) => ports.has(localPort)),
    outgoing: connections.filter(({ localPort, inode }) => !ports.has(localPort) && held.has(inode)),
  };
}
