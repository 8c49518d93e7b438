import type { StateCount, XrayListener, XrayProcess, XraySample } from '../shared/xray/sample.ts';
import { formatBytes } from '../shared/xray/units.ts';
import { PATTERNS, type Recognised, type XraySnapshot } from '../shared/xray/view.ts';
import { table } from './table.ts';

/** A snapshot for a terminal. */
export function xrayText({ sample, recognition, changes }: XraySnapshot): string {
  if (!sample || !recognition) return '';
  const at = new Date(sample.takenAtMs).toTimeString().slice(0, 8);
  const parts = [
    ...[recognition, ...recognition.also].map(patternText),
    table(['process', 'pid', 'user', 'threads', 'PSS', 'RSS', 'sockets', 'connections', 'unsent', 'unread'], sample.processes.map(processRow)),
    ...(sample.leftOut > 0 ? [`${sample.leftOut} more processes were not looked at.`] : []),
    ...(sample.listeners.length > 0 ? [table(['listening socket', 'inode', 'accept queue', '', 'SYN queue', 'who waits'], sample.listeners.map((listener) => listenerRow(listener, sample)))] : []),
    ...statesText('connections of its clients', sample.served),
    ...statesText('connections of its own', sample.outgoing),
    ...changes.map(({ pid, title, change }) => `${pid} ${title} ${change}`),
    `Sampled at ${at} in ${sample.tookMs} ms.`,
  ];
  return `${parts.join('\n\n')}\n`;
}

function patternText({ pattern, evidence }: Recognised): string {
  return `${PATTERNS[pattern]}\n${evidence.map((sentence) => `  ${sentence}`).join('\n')}`;
}

const UNREAD = 'not permitted';

function processRow(process: XrayProcess): string[] {
  const { depth, title, pid, user, threadCount, rssBytes, pssBytes, permitted, holds, waitsAt } = process;
  const name = `${'  '.repeat(depth)}${title.length > 40 ? `${title.slice(0, 39)}…` : title}`;
  const pss = pssBytes === null ? (permitted ? '–' : UNREAD) : formatBytes(pssBytes);
  const known = [name, String(pid), user, String(threadCount), pss, formatBytes(rssBytes)];
  if (!permitted) return [...known, UNREAD, UNREAD, UNREAD, UNREAD];
  const sockets = holds.map((inode) => `${inode}${waitsAt.includes(inode) ? '*' : ''}`);
  return [...known, sockets.slice(0, 3).join(' ') + (sockets.length > 3 ? ` +${sockets.length - 3}` : ''), String(process.serves + process.inherits + process.connectsTo), formatBytes(process.sendQueueBytes), formatBytes(process.receiveQueueBytes)];
}

const BAR = 20;

function listenerRow({ address, port, inode, acceptQueue, backlog, synQueue }: XrayListener, { processes }: XraySample): string[] {
  const length = backlog === null ? 0 : Math.min(BAR, Math.ceil((BAR * acceptQueue) / (backlog + 1)));
  const bar = backlog === null ? '' : `[${'#'.repeat(length)}${'.'.repeat(BAR - length)}]`;
  const waiting = processes.filter(({ waitsAt }) => waitsAt.includes(inode)).map(({ pid }) => String(pid));
  const who = waiting.slice(0, 4).join(' ') + (waiting.length > 4 ? ` +${waiting.length - 4}` : '');
  return [`${address.includes(':') ? `[${address}]` : address}:${port}`, String(inode), backlog === null ? `${acceptQueue}, backlog not told` : `${acceptQueue} of ${backlog + 1}`, bar, String(synQueue), who];
}

function statesText(what: string, states: readonly StateCount[]): string[] {
  if (states.length === 0) return [];
  return [table([what, 'number', 'unacknowledged', 'unread'], states.map(({ state, count, sendQueueBytes, receiveQueueBytes }) => [state, String(count), formatBytes(sendQueueBytes), formatBytes(receiveQueueBytes)]))];
}
