import type { JSX } from 'preact';
import type { StateCount, XrayConnection, XrayProcess, XraySample } from '../../src/shared/xray/sample.ts';
import { formatBytes } from '../../src/shared/xray/units.ts';
import { formatNumber } from '../format.ts';
import { addressOf, queueWords, waitsWords } from './words.ts';

const UNREAD = 'not permitted';

/** All of a sample as tables, in reading order. */
export function Tables({ sample }: { readonly sample: XraySample }): JSX.Element {
  const { processes, listeners, served, outgoing, busiest } = sample;
  return (
    <div class="xray-tables">
      <Table name="Processes" head={['process', 'pid', 'user', 'threads', 'they are', 'PSS', 'RSS', 'holds', 'waits at', 'clients', 'unacknowledged', 'unread']} rows={processes.map(processRow)} />
      {listeners.length > 0 && (
        <Table
          name="Listening sockets"
          head={['address', 'inode', 'accept queue', 'SYN queue', 'held by', 'waited at by']}
          rows={listeners.map((listener) => [addressOf(listener), String(listener.inode), queueWords(listener), formatNumber(listener.synQueue), pids(processes, 'holds', listener.inode), pids(processes, 'waitsAt', listener.inode)])}
        />
      )}
      {served.length > 0 && <Table name="Connections of clients, by state" head={STATE_HEAD} rows={served.map(stateRow)} />}
      {outgoing.length > 0 && <Table name="Connections of its own, by state" head={STATE_HEAD} rows={outgoing.map(stateRow)} />}
      {busiest.length > 0 && <Table name="The connections with the most bytes waiting" head={['local', 'remote', 'state', 'process', 'unacknowledged', 'unread']} rows={busiest.map(connectionRow)} />}
    </div>
  );
}

const STATE_HEAD = ['state', 'connections', 'unacknowledged', 'unread'];

function processRow(process: XrayProcess): string[] {
  const { title, pid, user, threadCount, threads, rssBytes, pssBytes, permitted, holds, waitsAt, serves, sendQueueBytes, receiveQueueBytes } = process;
  const memory = [pssBytes === null ? (permitted ? '–' : UNREAD) : formatBytes(pssBytes), formatBytes(rssBytes)];
  const sockets = permitted ? [holds.join(', ') || '–', waitsAt.join(', ') || '–', formatNumber(serves), formatBytes(sendQueueBytes), formatBytes(receiveQueueBytes)] : [UNREAD, UNREAD, UNREAD, UNREAD, UNREAD];
  return [title, String(pid), user, formatNumber(threadCount), waitsWords(threads), ...memory, ...sockets];
}

function pids(processes: readonly XrayProcess[], field: 'holds' | 'waitsAt', inode: number): string {
  return processes.filter((process) => process[field].includes(inode)).map(({ pid }) => pid).join(', ') || '–';
}

function stateRow({ state, count, sendQueueBytes, receiveQueueBytes }: StateCount): string[] {
  return [state, formatNumber(count), formatBytes(sendQueueBytes), formatBytes(receiveQueueBytes)];
}

function connectionRow({ local, remote, state, pid, sendQueueBytes, receiveQueueBytes }: XrayConnection): string[] {
  return [local, remote, state, pid === null ? 'none yet' : String(pid), formatBytes(sendQueueBytes), formatBytes(receiveQueueBytes)];
}

interface TableProps {
  readonly name: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A table that scrolls by itself where it is wider than the panel. */
function Table({ name, head, rows }: TableProps): JSX.Element {
  return (
    <div class="table-frame" role="region" aria-label={name} tabIndex={0}>
      <table>
        <caption>{name}</caption>
        <thead>
          <tr>
            {head.map((cell) => (
              <th key={cell} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {row.map((cell, column) => (
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
