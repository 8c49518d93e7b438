import { readFile } from 'node:fs/promises';
import { TCP_STATES, type TcpState } from '../../shared/xray/sample.ts';

/** One line of /proc/net/tcp: a socket of this network namespace. */
export interface TcpRow {
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly state: TcpState;
  /** Bytes written and not acknowledged. */
  readonly sendQueue: number;
  /** Bytes not yet read; of a listener, finished handshakes that wait for accept(). */
  readonly receiveQueue: number;
  readonly uid: number;
  /** 0 while no process has a descriptor of it. */
  readonly inode: number;
}

/** All TCP sockets of a process' network namespace, which any user may read. Empty where the process is gone. */
export async function readTcpRows(pid: number): Promise<TcpRow[]> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'latin1').catch(() => '')));
  return tables.flatMap(tcpRowsIn);
}

/** The same in the text of /proc/net/tcp or tcp6. */
export function tcpRowsIn(table: string): TcpRow[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local, remote, state, queues, , , uid, , inode] = line.trim().split(/\s+/);
      if (local === undefined || remote === undefined || inode === undefined) return [];
      const [sent = '0', received = '0'] = (queues ?? '').split(':');
      const [here, there] = [endIn(local), endIn(remote)];
      return [
        {
          localAddress: here.address,
          localPort: here.port,
          remoteAddress: there.address,
          remotePort: there.port,
          state: TCP_STATES[Number.parseInt(state ?? '', 16) - 1] ?? 'CLOSE',
          sendQueue: Number.parseInt(sent, 16),
          receiveQueue: Number.parseInt(received, 16),
          uid: Number(uid),
          inode: Number(inode),
        },
      ];
    });
}

/** `0100007F:1F90` → 127.0.0.1 and 8080. The kernel prints each 32-bit word of an address in the machine's own byte order, which is little-endian wherever Node runs but on s390x. */
function endIn(text: string): { address: string; port: number } {
  const [hex = '', port = ''] = text.split(':');
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)));
  return { address: bytes.length === 4 ? bytes.join('.') : ipv6Of(bytes), port: Number.parseInt(port, 16) };
}

/** An IPv4 address in IPv6 is written as such (RFC 4291, section 2.2); the longest run of zeros is left out (RFC 5952). */
function ipv6Of(bytes: readonly number[]): string {
  if (bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff) return `::ffff:${bytes.slice(12).join('.')}`;
  const groups = Array.from({ length: 8 }, (_, i) => (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16));
  const runs = [...groups.map((group) => (group === '0' ? '0' : '-')).join('').matchAll(/00+/g)].sort((a, b) => b[0].length - a[0].length);
  const run = runs[0];
  if (!run) return groups.join(':');
  return `${groups.slice(0, run.index).join(':')}::${groups.slice(run.index + run[0].length).join(':')}`;
}
