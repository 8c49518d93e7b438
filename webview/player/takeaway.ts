import type { Trace } from '../../src/shared/trace.ts';
import type { Limits } from '../diagram/limits.ts';
import { isDeceived, type Frame } from './frame.ts';
import { formatNumber, formatTime, plural } from '../format.ts';
import { createPlayer } from './player.ts';

/** Connected within this, a client did not wait for a timer: the shortest of them is a second. */
const AT_ONCE_NS = 0.9e9;

/** The sentence to remember of a whole trace: who got in at once, who had to wait, and why. */
export function takeaway(trace: Trace, limits: Limits): string {
  const end = createPlayer(trace).at(trace.timeNs.length);
  const started = end.conns.filter((conn) => conn.startedNs !== null);
  if (started.length === 0) return 'No client tried to connect.';
  const times = started.filter((conn) => conn.connectedNs !== null).map((conn) => (conn.connectedNs as number) - (conn.startedNs as number));
  const soon = times.filter((time) => time < AT_ONCE_NS).length;
  const late = times.filter((time) => time >= AT_ONCE_NS);
  const failed = end.conns.filter((conn) => conn.client === 'failed').length;
  const waiting = started.length - times.length - failed;
  const all = soon === started.length;
  const parts = [all ? `All ${formatNumber(soon)} clients connected at once` : `${formatNumber(soon)} of ${plural(started.length, 'client')} connected at once`];
  if (late.length > 0) parts.push(`${formatNumber(late.length)} only after ${span(late)}`);
  if (waiting > 0) parts.push(`${formatNumber(waiting)} still ${waiting === 1 ? 'waits' : 'wait'} at the end`);
  if (failed > 0) parts.push(`${formatNumber(failed)} failed`);
  return `${parts.join(', ')}. ${reason(end.dropped, limits, all)}${deceived(end)}`;
}

/** Connected clients of which the server holds nothing: what SYN cookies, and a last ACK that found no room, leave behind. */
function deceived({ conns }: Frame): string {
  const count = conns.filter(isDeceived).length;
  return count === 0 ? '' : ` ${plural(count, 'client')} only ${count === 1 ? 'believes it is' : 'believe they are'} connected: the server has no connection for ${count === 1 ? 'it' : 'them'}.`;
}

function span(times: readonly number[]): string {
  const [least, most] = [formatTime(Math.min(...times)), formatTime(Math.max(...times))];
  return least === most ? least : `${least} to ${most}`;
}

function reason(dropped: Readonly<Record<string, number>>, { backlog, acceptQueue }: Limits, all: boolean): string {
  const holds = backlog !== null && acceptQueue !== null ? `backlog ${formatNumber(backlog)} makes room for ${formatNumber(acceptQueue)}` : 'its room is bounded';
  const accept = dropped['accept-queue-full'] ?? 0;
  const syn = dropped['syn-queue-full'] ?? 0;
  if (accept > 0 && all) return `Yet the accept queue was full ${plural(accept, 'time')}: ${holds}.`;
  const full = [accept > 0 ? `the accept queue was full ${plural(accept, 'time')}` : '', syn > 0 ? `the SYN queue ${accept > 0 ? '' : 'was full '}${plural(syn, 'time')}` : ''].filter((part) => part !== '').join(', ');
  if (full !== '') return `${full.charAt(0).toUpperCase()}${full.slice(1)}: ${holds}, and who is turned away comes back only when its own timer fires.`;
  if ((dropped.lost ?? 0) > 0) return `${plural(dropped.lost ?? 0, 'segment')} lost on the way, sent again by a timer.`;
  return `Nothing was turned away: ${holds}.`;
}
