import type { Wait, XrayListener, XrayProcess, XraySample, XrayThread } from '../../src/shared/xray/sample.ts';
import { formatBytes } from '../../src/shared/xray/units.ts';
import { textWidth } from '../diagram/scene.ts';
import { formatNumber, plural } from '../format.ts';

const WAITS: Readonly<Record<Wait, string>> = {
  runs: 'on a processor or ready for one',
  events: 'waiting for events (epoll)',
  accept: 'waiting in accept()',
  poll: 'waiting in poll() or select()',
  lock: 'asleep on a lock or waiting for a job (futex)',
  data: 'waiting for bytes',
  time: 'asleep for a time',
  child: 'waiting for a signal or a child',
  disk: 'waiting for the disk',
  other: 'asleep',
  unread: 'in a state that may not be read',
};

export function processes(count: number): string {
  return `${formatNumber(count)} ${count === 1 ? 'process' : 'processes'}`;
}

/** "7 asleep on a lock, 1 waiting for events (epoll)". */
export function waitsWords(threads: readonly XrayThread[]): string {
  const counts = new Map<Wait, number>();
  for (const { wait } of threads) counts.set(wait, (counts.get(wait) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([wait, count]) => `${formatNumber(count)} ${WAITS[wait]}`).join(', ');
}

/** Where a socket listens: `127.0.0.1:80`, `[::1]:80`. */
export function addressOf({ address, port }: XrayListener): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

/** "3 of 512 wait", or how many where no limit is told. */
export function queueWords({ acceptQueue, backlog }: XrayListener): string {
  return backlog === null ? `${formatNumber(acceptQueue)} wait, limit not told` : `${formatNumber(acceptQueue)} of ${formatNumber(backlog + 1)} wait`;
}

export function listenerName(listener: XrayListener, letter: string, sample: XraySample): string {
  const holds = sample.processes.filter((process) => process.holds.includes(listener.inode)).length;
  const waits = sample.processes.filter((process) => process.waitsAt.includes(listener.inode)).length;
  const limit = listener.backlog === null ? 'Its backlog is not told: `ss` of iproute2 would tell it.' : `Its backlog is ${formatNumber(listener.backlog)}, and the queue holds one more.`;
  return `Socket ${letter}, inode ${listener.inode}, listens on ${addressOf(listener)}. ${queueWords(listener)} in its accept queue; ${formatNumber(listener.synQueue)} in the SYN queue of its port. ${limit} ${processes(holds)} ${holds === 1 ? 'has' : 'have'} a descriptor of it; ${formatNumber(waits)} ${waits === 1 ? 'waits' : 'wait'} there for a connection.`;
}

export function processName(process: XrayProcess, letters: ReadonlyMap<number, string>): string {
  const { pid, title, user, threadCount, threads } = process;
  return `${title}: process ${pid} of ${user}. ${plural(threadCount, 'thread')}: ${waitsWords(threads)}. ${memoryWords(process)}. ${socketsWords(process, letters)}`;
}

function socketsWords(process: XrayProcess, letters: ReadonlyMap<number, string>): string {
  if (!process.permitted) return 'Its sockets may not be read by you.';
  const named = (inodes: readonly number[]): string => inodes.map((inode) => letters.get(inode) ?? String(inode)).join(', ');
  const holds = process.holds.length === 0 ? 'It has no listening socket' : `It has ${process.holds.length === 1 ? 'the listening socket' : 'the listening sockets'} ${named(process.holds)}${process.waitsAt.length > 0 ? ` and waits at ${named(process.waitsAt)}` : ', and waits at none'}`;
  const written = process.writes.length > 0 ? ` It writes ${process.writes.slice(0, 2).join(' and ')}${process.writes.length > 2 ? ` and ${process.writes.length - 2} more files` : ''}.` : '';
  return `${holds}; ${connectionWords(process)}.${written}`;
}

export function memoryWords({ permitted, pssBytes, rssBytes, sharedBytes }: XrayProcess): string {
  if (pssBytes === null) return `${formatBytes(rssBytes)} resident (RSS), PSS ${permitted ? 'not told' : 'not permitted'}`;
  return `${formatBytes(pssBytes)} PSS of ${formatBytes(rssBytes)} RSS${sharedBytes ? `, ${formatBytes(sharedBytes)} of it shared` : ''}`;
}

export function connectionWords({ serves, inherits, connectsTo, sendQueueBytes, receiveQueueBytes }: XrayProcess): string {
  const own = serves > 0 ? plural(serves, 'client') : 'no client';
  const others = [inherits > 0 ? `${formatNumber(inherits)} inherited` : '', connectsTo > 0 ? `${formatNumber(connectsTo)} outgoing` : ''].filter((part) => part !== '');
  const waiting = [sendQueueBytes > 0 ? `${formatBytes(sendQueueBytes)} unacknowledged` : '', receiveQueueBytes > 0 ? `${formatBytes(receiveQueueBytes)} unread` : ''].filter((part) => part !== '');
  return [own, ...others, ...waiting].join(', ');
}

/** The sample in words: what a reader who does not see the picture needs. */
export function stateWords({ processes: all, listeners, served }: XraySample): string {
  const threads = all.reduce((sum, { threadCount }) => sum + threadCount, 0);
  const waiting = listeners.reduce((sum, { acceptQueue }) => sum + acceptQueue, 0);
  const open = served.reduce((sum, { state, count }) => sum + (state === 'ESTABLISHED' ? count : 0), 0);
  const whole = all.every(({ pssBytes }) => pssBytes !== null);
  const bytes = all.reduce((sum, { pssBytes, rssBytes }) => sum + (whole ? (pssBytes ?? 0) : rssBytes), 0);
  const memory = whole ? `${formatBytes(bytes)} of memory (PSS, shared pages counted once)` : `${formatBytes(bytes)} of memory (RSS, shared pages counted in each)`;
  const sockets = listeners.length === 0 ? 'no listening socket' : `${plural(listeners.length, 'listening socket')}, ${formatNumber(waiting)} waiting for accept()`;
  return `${processes(all.length)} with ${plural(threads, 'thread')}; ${memory}; ${sockets}; ${plural(open, 'open connection')} of clients.`;
}

/** How much wider bold type is than what `textWidth` counts with. */
const BOLD = 1.15;

/** A safe width of a text in bold. */
export function boldWidth(text: string): number {
  return BOLD * textWidth(text);
}

/** As much of a text as has room, with an ellipsis where it is cut. */
export function cut(text: string, width: number, measure = textWidth): string {
  if (measure(text) <= width) return text;
  const characters = Math.floor(width / measure('x') - 1);
  return characters > 0 ? `${text.slice(0, characters).trimEnd()}…` : '';
}
