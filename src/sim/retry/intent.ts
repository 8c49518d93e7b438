import { keyUse, RETRY_KIND, type RetryKind } from '../../shared/retryTrace.ts';
import type { RetryScenario } from '../../shared/scenario/retry.ts';
import type { TraceDetail } from '../../shared/trace.ts';
import { Fates } from './fates.ts';

/** Is told what happens to an intent, `timeMs` after its first attempt; not in order of time (a late reply comes after its time-out). */
export type IntentObserver = (timeMs: number, kind: RetryKind, value: number, detail?: TraceDetail) => void;

export interface IntentResult {
  charges: number;
  attempts: number;
  /** Milliseconds from the first attempt to the reply; null where the client gave up. */
  latencyMs: number | null;
}

/** What the server holds of one intent. */
interface Served {
  charges: number;
  /** From when on a further attempt is recognised, and when the work on the recognised one is done; null while there is none. */
  known: { readonly fromMs: number; readonly doneMs: number } | null;
}

/** Plays one intent after another. */
export class Intents {
  private readonly fates: Fates;
  private readonly timeoutMs: number;
  private readonly serviceMs: number;

  constructor(private readonly scenario: RetryScenario) {
    this.fates = new Fates(scenario);
    this.timeoutMs = scenario.timeout_ms ?? 200;
    this.serviceMs = scenario.service_ms ?? 0;
  }

  /** Plays one intent to its end: an answer, or the last attempt's time-out. */
  play(observe?: IntentObserver): IntentResult {
    const server: Served = { charges: 0, known: null };
    const sent = { key: keyUse(this.scenario) };
    let timeMs = 0;
    for (let attempt = 1; ; attempt++) {
      observe?.(timeMs, RETRY_KIND.attempt, attempt, sent);
      const repliesMs = this.attempt(server, attempt, timeMs, observe);
      if (repliesMs !== null) {
        observe?.(repliesMs, RETRY_KIND.answered, Math.round(repliesMs * 1e6));
        return { charges: server.charges, attempts: attempt, latencyMs: repliesMs };
      }
      timeMs += this.timeoutMs;
      observe?.(timeMs, RETRY_KIND.timeout, attempt);
      if (attempt === this.scenario.max_attempts) {
        observe?.(timeMs, RETRY_KIND.giveUp, server.charges);
        return { charges: server.charges, attempts: attempt, latencyMs: null };
      }
      const delayMs = this.fates.backoffMs(attempt);
      observe?.(timeMs, RETRY_KIND.backoff, Math.round(delayMs * 1e6));
      timeMs += delayMs;
    }
  }

  /** One attempt: when its reply comes, null where that is not in time. */
  private attempt(server: Served, attempt: number, timeMs: number, observe?: IntentObserver): number | null {
    const { scenario } = this;
    const fate = this.fates.next();
    if (fate === 'request-lost') {
      observe?.(timeMs, RETRY_KIND.requestLost, attempt);
      return null;
    }
    const workMs = this.serve(server, attempt, timeMs, observe);
    const repliesMs = timeMs + workMs;
    if (fate === 'crash') {
      const keyForgotten = scenario.key && scenario.store_survives_crash === false;
      if (keyForgotten) server.known = null;
      observe?.(repliesMs, RETRY_KIND.crash, attempt, { keyForgotten });
      return null;
    }
    if (fate === 'reply-lost') {
      observe?.(repliesMs, RETRY_KIND.replyLost, attempt);
      return null;
    }
    // Not a difference of two times since the first attempt: its rounding would decide where a reply comes at the time-out itself.
    const inTime = workMs <= this.timeoutMs;
    if (!inTime) observe?.(repliesMs, RETRY_KIND.replyLate, attempt);
    return inTime ? repliesMs : null;
  }

  /** The server's work on an attempt that arrives: a charge, unless the key is known. Gives how long until its reply. */
  private serve(server: Served, attempt: number, timeMs: number, observe?: IntentObserver): number {
    const { key, key_recorded, replay_ms } = this.scenario;
    const doneMs = timeMs + this.serviceMs;
    const { known } = server;
    if (key && known && timeMs >= known.fromMs) {
      observe?.(timeMs, RETRY_KIND.duplicate, attempt);
      return replay_ms === undefined ? this.serviceMs : Math.max(replay_ms, known.doneMs - timeMs);
    }
    server.charges++;
    server.known ??= { fromMs: key_recorded === 'with-reply' ? doneMs : timeMs, doneMs };
    observe?.(doneMs, RETRY_KIND.charge, server.charges);
    return this.serviceMs;
  }
}
