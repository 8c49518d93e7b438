import { PATTERNS_KIND } from '../../src/shared/patternsTrace.ts';
import type { TraceEvent } from '../../src/shared/trace.ts';
import { formatNumber, formatTime, plural } from '../format.ts';
import { formatBytes } from './buffersWords.ts';
import { latencyOf, whereIs, type Backend, type Backends, type ServedRequest } from './patterns.ts';

/** Who hands out to the workers, where that is not a worker: its name in the picture. */
export const ACCEPTORS: Readonly<Record<string, string>> = { primary: 'primary', 'thread-pool': 'listener', 'per-connection': 'parent' };

/** What one of its workers is. */
export function workerNoun(pattern: string): string {
  return pattern === 'thread-pool' ? 'thread' : 'process';
}

/** quick #5 */
export function requestName({ className, index }: ServedRequest): string {
  return `${className} #${index}`;
}

/** The line of state: who is where, at all servers together. */
export function patternsState({ backends }: Backends, row: number): string {
  if (backends.length === 0) return 'No server has run.';
  const parts = backends.map(({ title, id, requests }) => {
    const places = requests.map((request) => whereIs(request, row));
    const count = (...where: readonly string[]): number => places.filter((place) => place !== null && where.includes(place)).length;
    return `${title || id || 'server'}: ${formatNumber(count('waiting', 'back'))} ${count('waiting', 'back') === 1 ? 'waits' : 'wait'}`;
  });
  return `${parts.join('; ')}.`;
}

/** The sentence to remember: who was slowest in the tail, and whom a crash cost most. */
export function patternsTakeaway({ backends }: Backends): string {
  const told = backends.filter(({ p99Ns }) => p99Ns !== null);
  const [first, ...rest] = [...told].sort((a, b) => (b.p99Ns ?? 0) - (a.p99Ns ?? 0));
  if (!first) return 'No request was answered.';
  const best = rest.at(-1);
  const tail = best ? `Under one load the 99th percentile is ${formatTime(best.p99Ns ?? 0)} with ${lower(best.title)} and ${formatTime(first.p99Ns ?? 0)} with ${lower(first.title)}.` : `The 99th percentile is ${formatTime(first.p99Ns ?? 0)}.`;
  const deaths = backends.filter(({ crash }) => crash).map((backend) => ({ backend, count: diedOf(backend) }));
  const worst = deaths.reduce<(typeof deaths)[number] | null>((most, one) => (most && most.count >= one.count ? most : one), null);
  return worst && worst.count > 0 ? `${tail} One crash took down up to ${plural(worst.count, 'request')} (${lower(worst.backend.title)}).` : tail;
}

/** Requests that died with a worker; who was refused afterwards does not count. */
export function diedOf({ requests }: Backend): number {
  return requests.filter(({ lost, refused }) => lost && !refused).length;
}

/** The figures below a picture, as short as they can be. */
export function figures(backend: Backend): readonly string[] {
  const { p50Ns, p99Ns, memoryBytes, requests } = backend;
  const lost = requests.filter((request) => request.lost).length;
  return [
    p50Ns === null || p99Ns === null ? 'none answered' : `p50 ${formatTime(p50Ns)}, p99 ${formatTime(p99Ns)}`,
    [memoryBytes === null || memoryBytes === 0 ? '' : formatBytes(memoryBytes), lost > 0 ? `${formatNumber(lost)} lost` : ''].filter((part) => part !== '').join(', '),
  ].filter((part) => part !== '');
}

/** A lane in words. */
export function laneName({ pattern, requests, lanes, crash }: Backend, lane: number): string {
  const own = requests.filter((request) => request.lane === lane && request.start);
  const answered = own.filter(({ depart }) => depart).length;
  const who = lanes === 1 && pattern.startsWith('single') ? 'The one thread' : `${workerNoun(pattern) === 'thread' ? 'Thread' : 'Process'} ${formatNumber(lane + 1)}`;
  const died = crash?.lane === lane ? `; it crashed at ${formatTime(crash.timeNs)}` : '';
  return `${who} started on ${plural(own.length, 'request')} and answered ${formatNumber(answered)}${died}.`;
}

/** A request in words, as far as it has come. */
export function requestState(request: ServedRequest, row: number, timeNs: number): string {
  const { arrive, start, io, ready } = request;
  switch (whereIs(request, row)) {
    case 'waiting':
      return `${requestName(request)} waits for ${formatTime(timeNs - arrive.timeNs)}: nobody has started on it.`;
    case 'computing':
      return `${requestName(request)} is computed since ${formatTime(start?.timeNs ?? 0)}.`;
    case 'io':
      return `${requestName(request)} is in I/O since ${formatTime(io?.timeNs ?? 0)}.`;
    case 'back':
      return `${requestName(request)}: its I/O is over since ${formatTime(ready?.timeNs ?? 0)}, and its worker is busy.`;
    case null:
      return `${requestName(request)} took ${formatTime(latencyOf(request) ?? 0)}.`;
  }
}

/** One event of a comparison as a sentence without its time. */
export function describePatterns({ kind, entity, value, detail }: TraceEvent): string {
  const slash = entity.indexOf('/');
  const where = slash < 0 ? '' : `${entity.slice(0, slash)}: `;
  const [, number = ''] = entity.slice(slash + 1).split(':');
  const who = `request ${number}${detail?.class === undefined ? '' : ` (${String(detail.class)})`}`;
  const told: Readonly<Record<string, string>> = {
    [PATTERNS_KIND.backend]: String(detail?.title ?? ''),
    [PATTERNS_KIND.arrive]: `${who} comes`,
    [PATTERNS_KIND.connected]: `${who} is connected`,
    [PATTERNS_KIND.dispatch]: `${who} is handed on`,
    [PATTERNS_KIND.start]: `worker ${formatNumber(value + 1)} starts on ${who}`,
    [PATTERNS_KIND.io]: `${who} goes into I/O`,
    [PATTERNS_KIND.ready]: `${who}: its I/O is over, its worker is busy`,
    [PATTERNS_KIND.resume]: `${who} is taken up again`,
    [PATTERNS_KIND.depart]: `${who} is answered, after ${formatTime(value)}`,
    [PATTERNS_KIND.lost]: value < 0 ? `${who} is refused: nobody listens` : `${who} is lost`,
    [PATTERNS_KIND.queueLength]: `${formatNumber(value)} wait`,
    [PATTERNS_KIND.busy]: `${entity.slice(slash + 1)} is ${value === 1 ? 'busy' : 'free'}`,
    [PATTERNS_KIND.crash]: `worker ${formatNumber(Number(number) + 1)} crashes`,
    [PATTERNS_KIND.respawn]: `worker ${formatNumber(Number(number) + 1)} is there again`,
    [PATTERNS_KIND.memory]: `memory: ${formatBytes(value)}`,
    [PATTERNS_KIND.contextSwitch]: `core ${formatNumber(value)} turns to ${entity.slice(slash + 1)}`,
    [PATTERNS_KIND.fork]: `a child is forked: ${plural(value, 'page')} shared`,
    [PATTERNS_KIND.childExit]: `the child ends: ${plural(value, 'page')} were copied`,
  };
  return `${where}${told[kind] ?? kind}`;
}

/** In the middle of a sentence: "A pool of threads" becomes "a pool of threads"; names of systems stay. */
function lower(title: string): string {
  return /^(A|One|Workers) /.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}
