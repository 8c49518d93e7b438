import { TCP_KIND, type SynDropReason } from '../../src/shared/tcpTrace.ts';
import { eventAt, type Trace, type TraceEvent } from '../../src/shared/trace.ts';
import { formatNumber, formatTime, plural } from '../format.ts';
import { segmentName, type Frame } from './frame.ts';
import { BEATS } from './timeline.ts';

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
      return `${id || 'A client'} is turned away: ${DROP_WORDS[String(detail.reason) as SynDropReason] ?? String(detail.reason)}`;
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
      if (host === 'client' && detail.state === 'SYN_SENT') return `${id} calls connect()`;
      if (host === 'client' && detail.state === 'ESTABLISHED') return `The SYN/ACK reaches ${id}: for its kernel the connection is ESTABLISHED`;
      if (host === 'server' && detail.state === 'ESTABLISHED') return `${id}'s handshake is done on the server: it joins the accept queue`;
      return `${id} is ${String(detail.state)} on the ${host}`;
    case TCP_KIND.timerSet:
      return `${id}: ${String(detail.timer)} timer set to ${formatTime(event.value)}`;
    case TCP_KIND.timerFired:
      return detail.timer === 'syn' ? `${id}'s timer fires: it tries its SYN again` : `${id}: ${String(detail.timer)} timer fires`;
    case TCP_KIND.timerCancelled:
      return `${id}: ${String(detail.timer)} timer cancelled`;
    case TCP_KIND.held:
      return `${id}, ${host}: ${formatNumber(event.value)} bytes wait (${String(detail.by)})`;
    case TCP_KIND.response:
      return `${id} has its whole answer, ${formatTime(event.value)} after the request`;
    case TCP_KIND.event:
      return detail.event === 'connect' ? `${id} calls connect()` : `${id}, ${host}: ${String(detail.event)}${event.value > 0 ? ` ${formatNumber(event.value)} bytes` : ''}`;
    default:
      return [id || host, event.kind, detail.event, event.value || ''].filter((part) => part !== '' && part !== undefined).join(' ');
  }
}

/** The line of state: when, what the step from row `since` on brought, and how things stand. */
export function stateLine(trace: Trace, frame: Frame, since: number): string {
  const event = newest(trace, frame.row, since);
  const before = since >= frame.row ? 'last, ' : '';
  const happened = event ? `${before}${describe(event)}. ` : 'nothing has happened yet. ';
  const dropped = Object.values(frame.dropped).reduce((sum, count) => sum + count, 0);
  const stand = [`SYN queue ${frame.synQueue}`, `accept queue ${frame.acceptQueue}`, `${connectedCount(frame)} of ${plural(frame.conns.length, 'client')} connected`];
  if (dropped > 0) stand.push(`${formatNumber(dropped)} dropped`);
  return `${formatTime(frame.timeNs)}: ${happened}${stand.join(', ')}.`;
}

/** How far back the last thing worth telling is looked for. */
const LOOK_BACK = 200;

/** The event that a step is about: one that readers step by, else a change of state, else whatever it was. */
function newest(trace: Trace, row: number, since: number): TraceEvent | null {
  if (row === 0) return null;
  const from = since < row ? since : Math.max(0, row - LOOK_BACK);
  const rows = Array.from({ length: row - from }, (_, i) => eventAt(trace, row - 1 - i));
  return rows.find((event) => BEATS.has(event.kind)) ?? rows.find((event) => event.kind === TCP_KIND.state || event.kind === TCP_KIND.timerFired) ?? rows[0] ?? null;
}

function connectedCount(frame: Frame): number {
  return frame.conns.filter((conn) => conn.client === 'connected').length;
}
