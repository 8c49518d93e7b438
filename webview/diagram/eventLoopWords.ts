import { PATTERNS_KIND } from '../../src/shared/patternsTrace.ts';
import type { TraceEvent } from '../../src/shared/trace.ts';
import { formatNumber, formatTime, plural } from '../format.ts';
import type { EventLoop, LoopRequest, LoopState, Turn } from './eventLoop.ts';

/** cheap #5 */
export function nameOf({ className, index }: LoopRequest): string {
  return `${className} #${index}`;
}

/** The line of state: what the loop runs, and who waits for it. */
export function loopState({ timeNs, running, held, waiting, inIo, answered, lost }: LoopState, { requests }: EventLoop): string {
  const first = waiting[0];
  const doing = running
    ? `The loop runs ${nameOf(running.request)}${running.part === 'resume' ? ' after its I/O' : ''}, for ${formatTime(timeNs - running.from.timeNs)} so far`
    : held
      ? `The thread waits with ${nameOf(held)} for its I/O`
      : 'The loop is idle';
  const fresh = waiting.filter(({ request, back }) => !back && isConnected(request, timeNs)).length;
  const connected = fresh === 0 ? '' : waiting.length === 1 ? ', connected already' : `, ${fresh === waiting.length ? 'all' : formatNumber(fresh)} of them connected already`;
  const queue = first ? `${plural(waiting.length, 'request')} ${waiting.length === 1 ? 'waits' : 'wait'} for it, ${sinceWhen(timeNs - first.sinceNs, waiting.length)}${connected}` : 'nobody waits for it';
  const away = inIo.length > 0 && !held ? ` ${formatNumber(inIo.length)} ${inIo.length === 1 ? 'is in I/O and does' : 'are in I/O and do'} not need it.` : '';
  return `${doing}; ${queue}.${away} ${formatNumber(answered)} of ${formatNumber(requests.length)} answered${lost > 0 ? `, ${formatNumber(lost)} lost` : ''}.`;
}

function sinceWhen(forNs: number, count: number): string {
  const first = count === 1 ? '' : 'the first ';
  return forNs === 0 ? `${first}from now on` : `${first}for ${formatTime(forNs)}`;
}

/** The kernel has completed its connection by then, whatever the loop does. */
export function isConnected({ connectedNs }: LoopRequest, timeNs: number): boolean {
  return connectedNs !== null && connectedNs <= timeNs;
}

/** How long a request waited for the loop: before it began, and after its I/O. */
export function waitOf({ arrive, start, ready, resume }: LoopRequest, endNs: number): number {
  return (start?.timeNs ?? endNs) - arrive.timeNs + (ready ? (resume?.timeNs ?? endNs) - ready.timeNs : 0);
}

/** A callback below this has kept nobody. */
const NOTICED_NS = 10e6;
/** Below this a wait is none. */
const UNSEEN_NS = 50e3;

/** The sentence to remember: who kept the loop, and who paid for it. */
export function loopTakeaway({ requests, turns, durationNs, mostInIo }: EventLoop): string {
  const waits = requests.map((request) => ({ request, waitNs: waitOf(request, durationNs) }));
  const worst = waits.reduce((most, one) => (one.waitNs > most.waitNs ? one : most), waits[0] ?? { request: null, waitNs: 0 });
  if (!worst.request) return 'No request came.';
  const longest = turns.reduce<Turn | null>((most, turn) => (most && lasts(most) >= lasts(turn) ? most : turn), null);
  if (worst.waitNs < NOTICED_NS) {
    const away = mostInIo > 1 ? ` Up to ${formatNumber(mostInIo)} requests waited for I/O at once, and kept nobody.` : '';
    const longer = worst.waitNs < UNSEEN_NS ? '' : ` longer than ${formatTime(worst.waitNs)}`;
    return `Nobody waited for the loop${longer}: no callback kept it.${away}`;
  }
  if (longest && lasts(longest) >= NOTICED_NS && lasts(longest) * 2 > worst.waitNs) {
    const paid = waits.filter(({ request, waitNs }) => request !== longest.request && waitNs >= NOTICED_NS).length;
    const name = nameOf(longest.request);
    return `${name.charAt(0).toUpperCase()}${name.slice(1)} kept the loop for ${formatTime(lasts(longest))}, and ${plural(paid, 'other request')} paid for it: the slowest waited ${formatTime(worst.waitNs)} before anybody looked at it.`;
  }
  return `The loop fell behind: up to ${formatTime(worst.waitNs)} went by before it came to a request (${nameOf(worst.request)}).`;
}

function lasts({ from, until }: Turn): number {
  return until.timeNs - from.timeNs;
}

/** A request's life in a sentence, as far as it has come. */
export function lifeOf(request: LoopRequest): string {
  const { arrive, start, io, ready, resume, depart, lost } = request;
  const parts = [`came at ${formatTime(arrive.timeNs)}`];
  if (start) parts.push(start.timeNs > arrive.timeNs ? `waited ${formatTime(start.timeNs - arrive.timeNs)} for the loop` : 'was taken up at once');
  if (io) parts.push(`went into I/O at ${formatTime(io.timeNs)}`);
  if (ready && resume) parts.push(`waited ${formatTime(resume.timeNs - ready.timeNs)} again when that was over`);
  if (depart) parts.push(`was answered after ${formatTime(depart.timeNs - arrive.timeNs)}`);
  if (lost) parts.push('got no answer');
  return `${nameOf(request)} ${parts.join(', ')}.`;
}

/** One event of an execution pattern's trace as a sentence without its time. */
export function describeLoop({ kind, entity, value, detail }: TraceEvent): string {
  const [, number = ''] = entity.split(':');
  const who = `Request ${number}${detail?.class === undefined ? '' : ` (${String(detail.class)})`}`;
  switch (kind) {
    case PATTERNS_KIND.arrive:
      return `${who} comes: its client calls connect()`;
    case PATTERNS_KIND.connected:
      return `${who} is connected, ${formatTime(value)} after its connect()`;
    case PATTERNS_KIND.start:
      return `The loop takes up request ${number}`;
    case PATTERNS_KIND.io:
      return `${who} goes into I/O`;
    case PATTERNS_KIND.ready:
      return `${who}: its I/O is over, its callback waits for the loop`;
    case PATTERNS_KIND.resume:
      return `The loop runs what follows the I/O of request ${number}`;
    case PATTERNS_KIND.depart:
      return `${who} is answered, after ${formatTime(value)}`;
    case PATTERNS_KIND.lost:
      return `${who} gets no answer`;
    case PATTERNS_KIND.queueLength:
      return `Accept queue: ${formatNumber(value)}`;
    case PATTERNS_KIND.busy:
      return value === 1 ? 'The loop has work' : 'The loop is idle';
    default:
      return `${kind} of ${entity}`;
  }
}
