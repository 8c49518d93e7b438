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
const TIME_WAIT = '06';

/** The queues of this machine's listener on `port`; null where nothing listens there, or there is no /proc/net/tcp. */
export function readListenQueue(port: number): ListenQueue | null {
  return listenQueueIn([readTable('tcp'), readTable('tcp6')].join('\n'), port);
}

/** The same in the text of /proc/net/tcp. */
export function listenQueueIn(table: string, port: number): ListenQueue | null {
  const suffix = `:${hexPort(port)} `;
  let acceptQueue: number | null = null;
  let synQueue = 0;
  for (let at = table.indexOf(suffix); at >= 0; at = table.indexOf(suffix, at + 1)) {
    const end = table.indexOf('\n', at);
    const row = table.slice(table.lastIndexOf('\n', at) + 1, end < 0 ? undefined : end);
    if (!rowAtPort(row, port)) continue;
    if (isListener(row)) acceptQueue = (acceptQueue ?? 0) + receiveQueueOf(row);
    else if (fieldsOf(row)[3] === SYN_RECV) synQueue++;
  }
  return acceptQueue === null ? null : { acceptQueue, synQueue };
}

/** Whether a row of /proc/net/tcp is a listening socket's. */
export function isListener(row: string): boolean {
  return fieldsOf(row)[3] === LISTEN;
}

/** Whether it is of a socket whose own port this is. */
export function rowAtPort(row: string, port: number): boolean {
  return (fieldsOf(row)[1] ?? '').endsWith(`:${hexPort(port)}`);
}

/** Its rx_queue: bytes, or a listener's connections that wait for accept(). */
export function receiveQueueOf(row: string): number {
  return Number.parseInt(fieldsOf(row)[4]?.split(':')[1] ?? '0', 16);
}

function fieldsOf(row: string): string[] {
  return row.trim().split(/\s+/);
}

function hexPort(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}

/** One end of a connection, as the kernel shows it. */
export interface SocketQueues {
  readonly localPort: number;
  readonly remotePort: number;
  /** Bytes written and not yet acknowledged (tx_queue). */
  readonly sendQueue: number;
  /** Bytes that came in order and are not yet read (rx_queue). */
  readonly receiveQueue: number;
}

/** The ends of all connections to or from `port` on this machine that exist for a program; null where there is no /proc/net/tcp. */
export function readSocketQueues(port: number): SocketQueues[] | null {
  const table = readTable('tcp');
  return table === '' ? null : socketQueuesIn(table, port);
}

/** The same in the text of /proc/net/tcp. */
export function socketQueuesIn(table: string, port: number): SocketQueues[] {
  const found: SocketQueues[] = [];
  for (const line of table.split('\n').slice(1)) {
    const [, local = '', remote = '', state, queues = ''] = line.trim().split(/\s+/);
    const [localPort, remotePort] = [portIn(local), portIn(remote)];
    if (state === LISTEN || state === SYN_RECV || state === TIME_WAIT || (localPort !== port && remotePort !== port)) continue;
    const [sent = '0', received = '0'] = queues.split(':');
    found.push({ localPort, remotePort, sendQueue: Number.parseInt(sent, 16), receiveQueue: Number.parseInt(received, 16) });
  }
  return found;
}

/** `0100007F:1F90` → 8080. */
function portIn(address: string): number {
  return Number.parseInt(address.split(':')[1] ?? '', 16);
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
