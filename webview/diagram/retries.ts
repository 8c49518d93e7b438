import { intentEntity, RETRY_KIND, type KeyUse } from '../../src/shared/retryTrace.ts';
import { events, TraceBuilder, type Trace, type TraceEvent } from '../../src/shared/trace.ts';

/** What came of one intent, step by step. */
export interface Retries {
  readonly rungs: readonly RetryRung[];
  readonly attempts: number;
  /** Made by the end. */
  readonly charges: number;
  /** Nanoseconds from the first attempt to the answer; null where the client gave up. */
  readonly latencyNs: number | null;
  readonly keyUse: KeyUse;
}

/** What the server's table of keys holds of one intent. `at-work`: the key, with no reply yet. */
export type KeyEntry = 'no-key' | 'empty' | 'at-work' | 'reply' | 'forgotten';

export type RetryRung = {
  readonly timeNs: number;
  /** Rows of the trace that have happened with it. */
  readonly row: number;
  /** What the table of keys holds from now on. */
  readonly entry: KeyEntry;
} & (
  | { readonly kind: 'attempt'; readonly attempt: number; readonly lost: boolean }
  | { readonly kind: 'charge'; readonly count: number }
  | { readonly kind: 'duplicate'; readonly attempt: number }
  | { readonly kind: 'crash'; readonly keyForgotten: boolean }
  | { readonly kind: 'reply-lost' | 'reply-late' | 'timeout'; readonly attempt: number }
  | { readonly kind: 'wait'; readonly delayNs: number }
  | { readonly kind: 'answered'; readonly latencyNs: number }
  | { readonly kind: 'give-up'; readonly charges: number }
);

/** How an intent stands when some of its steps have happened. */
export interface Standing {
  readonly attempts: number;
  readonly charges: number;
  readonly client: 'not-begun' | 'waits' | 'knows' | 'gave-up';
}

/** How many intents a trace tells of. */
export function intentCount(trace: Trace): number {
  let count = 0;
  while (trace.entities.includes(intentEntity(count))) count++;
  return count;
}

/** The rows of one intent, numbered from 0. */
export function intentTrace(trace: Trace, intent: number): Trace {
  const builder = new TraceBuilder(trace.source, trace.model);
  let endNs = 0;
  for (const { timeNs, kind, entity, value, detail } of events(trace)) {
    if (entity !== intentEntity(intent)) continue;
    builder.add(timeNs, kind, entity, value, detail);
    endNs = timeNs;
  }
  return builder.build(endNs, trace.truncated);
}

/** Every intent of a trace, or the first `most`. */
export function intentsOf(trace: Trace, most = Infinity): readonly Retries[] {
  return Array.from({ length: Math.min(most, intentCount(trace)) }, (_, intent) => retriesOf(intentTrace(trace, intent)));
}

/** Reads a trace of one intent. */
export function retriesOf(trace: Trace): Retries {
  const all = [...events(trace)];
  const keyUse = (all.find(({ kind }) => kind === RETRY_KIND.attempt)?.detail?.key ?? 'none') as KeyUse;
  const lost = new Set(all.flatMap(({ kind, value }) => (kind === RETRY_KIND.requestLost ? [value] : [])));
  const rungs: RetryRung[] = [];
  let entry: KeyEntry = keyUse === 'none' ? 'no-key' : 'empty';
  all.forEach((event, i) => {
    const rung = rungOf(event, lost);
    if (!rung) return;
    entry = entryAfter(entry, rung, keyUse);
    rungs.push({ ...rung, timeNs: event.timeNs, row: i + 1, entry });
  });
  const count = (kind: RetryRung['kind']): number => rungs.filter((rung) => rung.kind === kind).length;
  const answered = rungs.find((rung) => rung.kind === 'answered');
  return { rungs, attempts: count('attempt'), charges: count('charge'), latencyNs: answered?.kind === 'answered' ? answered.latencyNs : null, keyUse };
}

/** How an intent stands after these of its steps. */
export function standingAfter(past: readonly RetryRung[]): Standing {
  const count = (kind: RetryRung['kind']): number => past.filter((rung) => rung.kind === kind).length;
  const client = count('answered') > 0 ? 'knows' : count('give-up') > 0 ? 'gave-up' : past.length > 0 ? 'waits' : 'not-begun';
  return { attempts: count('attempt'), charges: count('charge'), client };
}

/** A rung without its time, its row and what it leaves in the table. */
type Told<T> = T extends unknown ? Omit<T, 'timeNs' | 'row' | 'entry'> : never;

function rungOf({ kind, value, detail }: TraceEvent, lost: ReadonlySet<number>): Told<RetryRung> | null {
  switch (kind) {
    case RETRY_KIND.attempt:
      return { kind: 'attempt', attempt: value, lost: lost.has(value) };
    case RETRY_KIND.charge:
      return { kind: 'charge', count: value };
    case RETRY_KIND.duplicate:
      return { kind: 'duplicate', attempt: value };
    case RETRY_KIND.crash:
      return { kind: 'crash', keyForgotten: detail?.keyForgotten === true };
    case RETRY_KIND.replyLost:
      return { kind: 'reply-lost', attempt: value };
    case RETRY_KIND.replyLate:
      return { kind: 'reply-late', attempt: value };
    case RETRY_KIND.timeout:
      return { kind: 'timeout', attempt: value };
    case RETRY_KIND.backoff:
      return value > 0 ? { kind: 'wait', delayNs: value } : null;
    case RETRY_KIND.answered:
      return { kind: 'answered', latencyNs: value };
    case RETRY_KIND.giveUp:
      return { kind: 'give-up', charges: value };
    default:
      // That a request is lost is told with the attempt.
      return null;
  }
}

function entryAfter(before: KeyEntry, rung: Told<RetryRung>, keyUse: KeyUse): KeyEntry {
  if (keyUse === 'none') return 'no-key';
  if (rung.kind === 'charge') return 'reply';
  if (rung.kind === 'crash' && rung.keyForgotten) return 'forgotten';
  const arrives = rung.kind === 'attempt' && !rung.lost;
  return arrives && keyUse === 'on-arrival' && before !== 'reply' ? 'at-work' : before;
}
