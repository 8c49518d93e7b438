import { readFileSync } from 'node:fs';

/** What the kernel holds at a listening socket. */
export interface ListenQueue {
  /** Finished handshakes that wait for accept(): rx_queue of the listener (tcp_ipv4.c, get_tcp4_sock). */
  readonly acceptQueue: number;
  /** Connections in SYN_RECV at its port. */
  readonly synQueue: number;
}

const LISTEN = '0A';
const SYN_RECV = '03';

/** The queues of this machine's listener on `port`; null where nothing listens there, or there is no /proc/net/tcp. */
export function readListenQueue(port: number): ListenQueue | null {
  return listenQueueIn([readTable('tcp'), readTable('tcp6')].join('\n'), port);
}

/** The same in the text of /proc/net/tcp. */
export function listenQueueIn(table: string, port: number): ListenQueue | null {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')} `;
  let acceptQueue: number | null = null;
  let synQueue = 0;
  for (let at = table.indexOf(suffix); at >= 0; at = table.indexOf(suffix, at + 1)) {
    const end = table.indexOf('\n', at);
    const line = table.slice(table.lastIndexOf('\n', at) + 1, end < 0 ? undefined : end);
    const [, local, , state, queues] = line.trim().split(/\s+/);
    if (!`${local ?? ''} `.endsWith(suffix)) continue;
    if (state === LISTEN) acceptQueue = (acceptQueue ?? 0) + Number.parseInt(queues?.split(':')[1] ?? '0', 16);
    else if (state === SYN_RECV) synQueue++;
  }
  return acceptQueue === null ? null : { acceptQueue, synQueue };
}

/** The TCP counters of this network namespace (`TcpExt` of /proc/net/netstat) by name; null where there are none. */
export function readTcpCounters(): Record<string, number> | null {
  try {
    return tcpCountersIn(readFileSync('/proc/net/netstat', 'latin1'));
  } catch {
    return null;
  }
}

/** The same in the text of /proc/net/netstat: a line of names, then one of values. */
export function tcpCountersIn(text: string): Record<string, number> {
  const [names = [], values = []] = text
    .split('\n')
    .filter((line) => line.startsWith('TcpExt:'))
    .map((line) => line.split(' ').slice(1));
  return Object.fromEntries(names.map((name, i) => [name, Number(values[i])]));
}

function readTable(name: 'tcp' | 'tcp6'): string {
  try {
    return readFileSync(`/proc/net/${name}`, 'latin1');
  } catch {
    return '';
  }
}
