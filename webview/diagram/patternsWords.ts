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

/** The line of state: how many wait where. */
export function patternsState({ backends }: Backends, row: number): string {
  if (backends.length === 0) return 'No server has run.';
  const parts = backends.flatMap(({ title, id, requests }) => {
    const waits = requests.filter((request) => ['waiting', 'back'].includes(whereIs(request, row) ?? '')).length;
    return waits === 0 ? [] : [`${formatNumber(waits)} at “${title || id}”`];
  });
  return parts.length === 0 ? 'Nobody waits.' : `Waiting: ${parts.join(', ')}${parts.length < backends.length ? '; nobody elsewhere' : ''}.`;
}

/** The sentence to remember: where those who need little wait longest for others, and whom a crash cost most. */
export function patternsTakeaway({ backends }: Backends): string {
  const told = backends.flatMap(({ title, id, tail }) => (tail ? [{ title: title || id, ...tail }] : [])).sort((a, b) => a.p90Ns - b.p90Ns);
  const [best, ...rest] = told;
  if (!best) return 'No request was answered.';
  const worse = rest.at(-1);
  const who = `nine in ten ${best.className} requests are answered within ${formatTime(best.p90Ns)}`;
  const tail = worse ? `Under one load, ${who} by “${best.title}” and within ${formatTime(worse.p90Ns)} by “${worse.title}”.` : `${who.charAt(0).toUpperCase()}${who.slice(1)}.`;
  const deaths = backends.filter(({ crash }) => crash).map((backend) => ({ backend, count: diedOf(backend) }));
  const worst = deaths.reduce<(typeof deaths)[number] | null>((most, one) => (most && most.count >= one.count ? most : one), null);
  return worst && worst.count > 0 ? `${tail} One crash took down up to ${plural(worst.count, 'request')} (“${worst.backend.title}”).` : tail;
}

/** Requests that died with a worker; who was refused afterwards does not count. */
export function diedOf({ requests }: Backend): number {
  return requests.filter(({ lost, refused }) => lost && !refused).length;
}

/** The figures below a picture, as short as they can be: how long those of the first class took, what it costs, whom a crash took. */
export function figures(backend: Backend): readonly string[] {
  const { tail, memoryBytes, requests } = backend;
  const died = diedOf(backend);
  const refused = requests.filter((request) => request.refused).length;
  const costs = [
    memoryBytes === null || memoryBytes === 0 ? '' : formatBytes(memoryBytes),
    died > 0 ? `${formatNumber(died)} died` : '',
    refused > 0 ? `${formatNumber(refused)} refused` : '',
  ].filter((part) => part !== '');
  return [
    ...(tail ? [`${formatNumber(tail.count)} ${tail.className} answered: half within ${formatTime(tail.p50Ns)},`, `9 in 10 within ${formatTime(tail.p90Ns)}, all within ${formatTime(tail.slowestNs)}`] : ['none answered']),
    ...(costs.length > 0 ? [costs.join(', ')] : []),
  ];
}

/** How evenly the requests fell to lasting workers: "3 to 9 requests each". */
export function sharesOf({ requests, lanes }: Backend): string {
  const counts = Array.from({ length: lanes }, (_, lane) => requests.filter((request) => request.lane === lane && request.start).length);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? `${plural(most, 'request')} each` : `${formatNumber(least)} to ${plural(most, 'request')} each`;
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
      return `${requestName(request)} has waited for ${formatTime(timeNs - arrive.timeNs)}: nobody has started on it.`;
    case 'computing':
      return `${requestName(request)} has been computed since ${formatTime(start?.timeNs ?? 0)}.`;
    case 'io':
      return `${requestName(request)} has been in I/O since ${formatTime(io?.timeNs ?? 0)}.`;
    case 'back':
      return `${requestName(request)}: its I/O was over at ${formatTime(ready?.timeNs ?? 0)}, and its worker is still busy.`;
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
