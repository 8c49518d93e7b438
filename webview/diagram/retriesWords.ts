import { RETRY_KIND } from '../../src/shared/retryTrace.ts';
import type { Trace, TraceEvent } from '../../src/shared/trace.ts';
import { formatNumber, formatTime, plural } from '../format.ts';
import { intentsOf, type KeyEntry, type Retries, type RetryRung, type Standing } from './retries.ts';

const TIMES = ['not charged', 'charged once', 'charged twice', 'charged three times'];

/** "charged twice". */
export function chargedWords(charges: number): string {
  return TIMES[charges] ?? `charged ${formatNumber(charges)} times`;
}

/** One step as a sentence. */
export function retryName(rung: RetryRung): string {
  const at = `At ${formatTime(rung.timeNs)}`;
  switch (rung.kind) {
    case 'attempt':
      return `${at} the client sends attempt ${rung.attempt}${rung.lost ? ', which is lost on its way' : ''}.`;
    case 'charge':
      return `${at} the server has made charge ${formatNumber(rung.count)} of this intent${rung.count > 1 ? ': one too many' : ''}.`;
    case 'duplicate':
      return `${at} the server knows the key of attempt ${rung.attempt}: it charges nothing and gives the kept reply.`;
    case 'crash':
      return `${at} the server is killed, after its commit and before its reply${rung.keyForgotten ? '; the keys in its memory are gone' : ''}.`;
    case 'reply-lost':
      return `${at} the reply to attempt ${rung.attempt} is lost: the server has done its work, the client cannot know.`;
    case 'reply-late':
      return `${at} the reply to attempt ${rung.attempt} leaves, when nobody waits for it any more.`;
    case 'timeout':
      return `${at} the client has waited long enough for attempt ${rung.attempt}.`;
    case 'wait':
      return `${at} the client waits ${formatTime(rung.delayNs)} before it tries again.`;
    case 'answered':
      return `${at} the client has its answer, ${formatTime(rung.latencyNs)} after its first attempt.`;
    case 'give-up':
      return `${at} the client gives up${rung.charges > 0 ? ', although it was charged' : ''}.`;
  }
}

export const ENTRY_WORDS: Readonly<Record<KeyEntry, string>> = {
  'no-key': 'nothing kept',
  empty: 'empty',
  'at-work': 'at work',
  reply: 'reply kept',
  forgotten: 'forgotten',
};

/** The line of state: what happened last, and how things stand. */
export function retriesState({ rungs }: Retries, row: number): string {
  const past = rungs.filter((rung) => rung.row <= row);
  const last = past.at(-1);
  if (!last) return 'Nothing has happened yet.';
  const charges = past.filter(({ kind }) => kind === 'charge').length;
  return `${retryName(last)} So far: ${chargedWords(charges)}${last.entry === 'no-key' ? '' : `; key table: ${ENTRY_WORDS[last.entry]}`}.`;
}

/** The sentence to remember of a whole run. */
export function retriesTakeaway(trace: Trace): string {
  const all = intentsOf(trace);
  const charges = all.reduce((sum, each) => sum + each.charges, 0);
  const doubled = all.filter((each) => each.charges > 1).length;
  const deceived = all.filter((each) => each.charges > 0 && each.latencyNs === null).length;
  const parts = [`${plural(all.length, 'thing')} to buy, ${plural(charges, 'charge')}: ${doubled === 0 ? 'nobody is charged twice' : `${formatNumber(doubled)} charged more than once`}`];
  if (deceived > 0) parts.push(`${formatNumber(deceived)} charged and told that it failed`);
  return `${parts.join(', ')}${trace.truncated === true ? ' (as far as the trace goes)' : ''}.`;
}

/** What one intent is called in a list; what matters most first, since a narrow list cuts the end off. */
export function intentLabel(intent: number, { attempts, charges, latencyNs }: Retries): string {
  return `${intent + 1}: ${chargedWords(charges)}${latencyNs === null ? ', gives up' : ''}, ${plural(attempts, 'attempt')}`;
}

const CLIENT_WORDS: Readonly<Record<Standing['client'], string>> = {
  'not-begun': 'nothing was sent yet',
  waits: 'the client does not know yet',
  knows: 'the client knows',
  'gave-up': 'the client gave up and does not know',
};

/** How an intent stands: "2 attempts, charged twice, and the client knows". */
export function standingWords({ attempts, charges, client }: Standing): string {
  return client === 'not-begun' ? CLIENT_WORDS[client] : `${plural(attempts, 'attempt')}, ${chargedWords(charges)}, and ${CLIENT_WORDS[client]}`;
}

/** How all intents of a run stand, in one short line. */
export function standingsLine(all: readonly Standing[]): string {
  const count = (client: Standing['client']): number => all.filter((each) => each.client === client).length;
  const charges = all.reduce((sum, each) => sum + each.charges, 0);
  const gaveUp = count('gave-up');
  return `${formatNumber(count('knows'))} of ${formatNumber(all.length)} know${gaveUp > 0 ? `, ${formatNumber(gaveUp)} gave up` : ''}; ${plural(charges, 'charge')}`;
}

const ROW_WORDS: Readonly<Record<string, (value: number) => string>> = {
  [RETRY_KIND.attempt]: (value) => `attempt ${value} is sent`,
  [RETRY_KIND.requestLost]: (value) => `attempt ${value} is lost`,
  [RETRY_KIND.charge]: (value) => `charge ${value} is made`,
  [RETRY_KIND.duplicate]: (value) => `attempt ${value} is recognised by its key`,
  [RETRY_KIND.crash]: (value) => `the server is killed before its reply to attempt ${value}`,
  [RETRY_KIND.replyLost]: (value) => `the reply to attempt ${value} is lost`,
  [RETRY_KIND.replyLate]: (value) => `the reply to attempt ${value} comes too late`,
  [RETRY_KIND.answered]: (value) => `the client has its answer, after ${formatTime(value)}`,
  [RETRY_KIND.timeout]: (value) => `the client stops waiting for attempt ${value}`,
  [RETRY_KIND.backoff]: (value) => (value > 0 ? `the client waits ${formatTime(value)}` : 'the client tries again at once'),
  [RETRY_KIND.giveUp]: (value) => `the client gives up, ${chargedWords(value)}`,
};

/** One row of a retry trace in words. */
export function describeRetry({ kind, value }: TraceEvent): string {
  return ROW_WORDS[kind]?.(value) ?? kind;
}
