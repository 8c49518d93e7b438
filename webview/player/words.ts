import { TCP_KIND, type SynDropReason } from '../../src/shared/tcpTrace.ts';
import { eventAt, type Trace, type TraceEvent } from '../../src/shared/trace.ts';
import { formatNumber, formatTime, plural } from '../format.ts';
import { segmentName, type Frame } from './frame.ts';

export const DROP_WORDS: Readonly<Record<SynDropReason, string>> = {
  'accept-queue-full': 'accept queue full',
  'syn-queue-full': 'SYN queue full',
  lost: 'lost on the way',
};

/** One event of a TCP trace as a sentence without its time. */
export function describe(event: TraceEvent): string {
  const [host = '', id = ''] = event.entity.split(':');
  const detail = event.detail ?? {};
  switch (event.kind) {
    case TCP_KIND.segment: {
      const what = segmentName(String(detail.flags ?? ''), Number(detail.len ?? 0));
      const lost = detail.arriveNs === null ? ', which is lost on the way' : '';
      return host === 'client' ? `${id} sends ${what}${lost}` : `The server sends ${id} ${what}${lost}`;
    }
    case TCP_KIND.synDropped:
      return `${id} is turned away: ${DROP_WORDS[String(detail.reason) as SynDropReason] ?? String(detail.reason)}`;
    case TCP_KIND.connected:
      return `${id} is connected: its connect() succeeds`;
    case TCP_KIND.connectFailed:
      return `${id}'s connect() fails: ${String(detail.error ?? 'no reason given')}`;
    case TCP_KIND.accepted:
      return event.value > 0 ? `accept() takes ${id} as descriptor ${formatNumber(event.value)}` : `accept() takes ${id}`;
    case TCP_KIND.synQueue:
      return `SYN queue: ${formatNumber(event.value)}`;
    case TCP_KIND.acceptQueue:
      return `Accept queue: ${formatNumber(event.value)}`;
    case TCP_KIND.descriptors:
      return `Open descriptors: ${formatNumber(event.value)}`;
    case TCP_KIND.state:
      return `${id} is ${String(detail.state)} on the ${host}`;
    case TCP_KIND.timerSet:
      return `${id}: ${String(detail.timer)} timer set to ${formatTime(event.value)}`;
    case TCP_KIND.timerFired:
      return `${id}: ${String(detail.timer)} timer fires`;
    case TCP_KIND.timerCancelled:
      return `${id}: ${String(detail.timer)} timer cancelled`;
    default:
      return [id || host, event.kind, detail.event, event.value || ''].filter((part) => part !== '' && part !== undefined).join(' ');
  }
}

/** The line of state: when, what just happened, and how things stand. */
export function stateLine(trace: Trace, frame: Frame): string {
  const event = latest(trace, frame);
  const happened = event ? `${describe(event)}. ` : 'Nothing has happened yet. ';
  const dropped = Object.values(frame.dropped).reduce((sum, count) => sum + count, 0);
  const stand = [`SYN queue ${frame.synQueue}`, `accept queue ${frame.acceptQueue}`, `${connectedCount(frame)} of ${plural(frame.conns.length, 'client')} connected`];
  if (dropped > 0) stand.push(`${formatNumber(dropped)} dropped`);
  return `${formatTime(frame.timeNs)}: ${happened}${stand.join(', ')}.`;
}

/** The event that a step is about: the first of the newest ones that a reader steps by, else the last row. */
function latest(trace: Trace, frame: Frame): TraceEvent | null {
  if (frame.row === 0) return null;
  const last = eventAt(trace, frame.row - 1);
  for (let row = frame.row - 1; row >= 0; row--) {
    const event = eventAt(trace, row);
    if (event.timeNs !== last.timeNs) return last;
    if (event.entity !== 'server' && event.kind !== TCP_KIND.state && !event.kind.startsWith('timer')) return event;
  }
  return last;
}

function connectedCount(frame: Frame): number {
  return frame.conns.filter((conn) => conn.client === 'connected').length;
}
