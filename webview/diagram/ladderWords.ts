import { formatNumber, formatTime, plural } from '../format.ts';
import type { Ladder, Rung, Wait } from './ladder.ts';

/** One rung as a sentence. */
export function rungName(rung: Rung): string {
  const at = `At ${formatTime(rung.timeNs)}`;
  const who = rung.host === 'client' ? 'the client' : 'the server';
  switch (rung.kind) {
    case 'segment': {
      const fate = rung.arriveNs === null ? ', which is lost on the way' : '';
      return `${at} ${who} sends ${what(rung)}${fate}.`;
    }
    case 'write':
      return `${at} ${who}’s program writes ${formatNumber(rung.lengthBytes)} bytes.`;
    case 'read':
      return `${at} ${who}’s program reads ${formatNumber(rung.lengthBytes)} bytes.`;
    case 'answer':
      return `${at} the answer is whole, ${formatTime(rung.latencyNs)} after the request’s first write.`;
    case 'timer':
      return `${at} ${who}’s timer for its delayed ACK is over.`;
  }
}

function what({ label, ackedBytes }: Extract<Rung, { kind: 'segment' }>): string {
  if (label !== 'ACK') return ackedBytes > 0 ? `${label}, and acknowledges ${formatNumber(ackedBytes)} bytes in all` : label;
  return ackedBytes > 0 ? `an ACK of ${formatNumber(ackedBytes)} bytes in all` : 'the ACK that ends the handshake';
}

const HELD_BY: Readonly<Record<string, string>> = {
  nagle: 'Nagle’s rule: earlier data is unacknowledged',
  cork: 'TCP_CORK: they do not fill a segment',
  autocork: 'autocorking: an earlier segment is still in the device’s queue',
};

/** What waits, for what, and how long. */
export function waitName(wait: Wait, { rungs }: Ladder): string {
  const span = formatTime((wait.toNs ?? rungs.at(-1)?.timeNs ?? wait.fromNs) - wait.fromNs);
  const how = wait.toNs === null ? `${span} and longer` : span;
  const who = wait.host === 'client' ? 'client' : 'server';
  if (wait.what === 'delayed-ack') return `The ${who} puts its ACK off for ${how}, in the hope that an answer carries it.`;
  return `${formatNumber(wait.lengthBytes)} bytes wait for ${how} at the ${who}, by ${HELD_BY[wait.by] ?? 'a rule of the kernel'}.`;
}

/** The line of state: what happened last, and what waits now. */
export function ladderState(ladder: Ladder, timeNs: number, row: number): string {
  const last = ladder.rungs.findLast((rung) => rung.row <= row);
  const now = ladder.waits.filter((wait) => wait.fromNs <= timeNs && (wait.toNs === null || timeNs < wait.toNs));
  const held = now.find((wait) => wait.what === 'held');
  const put = now.find((wait) => wait.what === 'delayed-ack');
  const parts = [last ? rungName(last) : 'Nothing has happened yet.'];
  if (held) parts.push(`${formatNumber(held.lengthBytes)} bytes wait at the ${held.host}.`);
  if (put) parts.push(`The ${put.host}’s ACK is put off.`);
  return parts.join(' ');
}

/** The sentence to remember of a connection. */
export function ladderTakeaway(conn: string, ladder: Ladder): string {
  const latencies = ladder.rungs.flatMap((rung) => (rung.kind === 'answer' ? [rung.latencyNs] : [])).sort((a, b) => a - b);
  const data = ladder.rungs.filter((rung) => rung.kind === 'segment' && rung.host === 'client' && rung.lengthBytes > 0);
  const longest = ladder.waits.filter(({ what }) => what === 'held').sort((a, b) => span(b) - span(a))[0];
  const median = latencies[Math.floor((latencies.length - 1) / 2)];
  const parts = [median === undefined ? `“${conn}” awaits no answer` : `“${conn}”: ${plural(latencies.length, 'answer')}, the median after ${formatTime(median)}`];
  if (data.length > 0) parts.push(`${plural(data.length, 'data segment')} from the client`);
  const waited = longest && span(longest) >= 1e6 ? ` ${formatNumber(longest.lengthBytes)} bytes were held for ${formatTime(span(longest))} until an ACK came${longest.by === 'cork' ? ' or a timer was over' : ''}.` : ladder.waits.length > 0 || data.length > 0 ? ' Nothing was held for as long as a millisecond.' : '';
  return `${parts.join(', ')}.${waited}`;
}

function span({ fromNs, toNs }: Wait): number {
  return toNs === null ? 0 : toNs - fromNs;
}
