import { RandomStream } from '../engine/random.ts';
import { RETRY_KIND, type RetryKind } from '../../shared/retryTrace.ts';
import type { RetryScenario } from '../../shared/scenario/retry.ts';

/** Is told what happens to an intent, `timeMs` after its first attempt; not in order of time (a late reply comes after its time-out). */
export type IntentObserver = (timeMs: number, kind: RetryKind, value: number, detail?: { keyForgotten: boolean }) => void;

export interface IntentResult {
  charges: number;
  attempts: number;
  /** Milliseconds from the first attempt to the reply; null where the client gave up. */
  latencyMs: number | null;
}

/** What can go wrong, each drawn from a stream of its own, so that a key or a store changes the charges and not the losses. */
export class Intents {
  private readonly requestLoss: RandomStream;
  private readonly replyLoss: RandomStream;
  private readonly crashes: RandomStream;
  private readonly jitter: RandomStream;
  private readonly crashBeforeReply: number;
  private readonly timeoutMs: number;
  private readonly serviceMs: number;

  constructor(private readonly scenario: RetryScenario) {
    const { seed = 1 } = scenario;
    this.requestLoss = new RandomStream(seed, 'request-loss');
    this.replyLoss = new RandomStream(seed, 'reply-loss');
    this.crashes = new RandomStream(seed, 'crashes');
    this.jitter = new RandomStream(seed, 'jitter');
    this.crashBeforeReply = scenario.crash_before_reply ?? 0;
    this.timeoutMs = scenario.timeout_ms ?? 200;
    this.serviceMs = scenario.service_ms ?? 0;
  }

  /** Plays one intent to its end: an answer, or the last attempt's time-out. */
  play(observe?: IntentObserver): IntentResult {
    const server = { charges: 0, keyKnown: false };
    let timeMs = 0;
    for (let attempt = 1; ; attempt++) {
      observe?.(timeMs, RETRY_KIND.attempt, attempt);
      if (this.attempt(server, attempt, timeMs, observe)) {
        const latencyMs = timeMs + this.serviceMs;
        observe?.(latencyMs, RETRY_KIND.answered, Math.round(latencyMs * 1e6));
        return { charges: server.charges, attempts: attempt, latencyMs };
      }
      timeMs += this.timeoutMs;
      observe?.(timeMs, RETRY_KIND.timeout, attempt);
      if (attempt === this.scenario.max_attempts) {
        observe?.(timeMs, RETRY_KIND.giveUp, server.charges);
        return { charges: server.charges, attempts: attempt, latencyMs: null };
      }
      const delayMs = this.backoffMs(attempt);
      observe?.(timeMs, RETRY_KIND.backoff, Math.round(delayMs * 1e6));
      timeMs += delayMs;
    }
  }

  /** One attempt; true where its reply comes in time. */
  private attempt(server: { charges: number; keyKnown: boolean }, attempt: number, timeMs: number, observe?: IntentObserver): boolean {
    const { scenario } = this;
    if (this.requestLoss.chance(scenario.request_loss)) {
      observe?.(timeMs, RETRY_KIND.requestLost, attempt);
      return false;
    }
    if (scenario.key && server.keyKnown) {
      observe?.(timeMs, RETRY_KIND.duplicate, attempt);
    } else {
      server.charges++;
      server.keyKnown = true;
      observe?.(timeMs, RETRY_KIND.charge, server.charges);
    }
    const repliesMs = timeMs + this.serviceMs;
    if (this.crashes.chance(this.crashBeforeReply)) {
      const keyForgotten = scenario.key && scenario.store_survives_crash === false;
      if (keyForgotten) server.keyKnown = false;
      observe?.(repliesMs, RETRY_KIND.crash, attempt, { keyForgotten });
      return false;
    }
    if (this.replyLoss.chance(scenario.reply_loss)) {
      observe?.(repliesMs, RETRY_KIND.replyLost, attempt);
      return false;
    }
    const inTime = this.serviceMs <= this.timeoutMs;
    if (!inTime) observe?.(repliesMs, RETRY_KIND.replyLate, attempt);
    return inTime;
  }

  /** The delay before the attempt after number `attempt`: base · factor^(attempt − 1), or uniform from 0 to that with full jitter. */
  private backoffMs(attempt: number): number {
    const { backoff } = this.scenario;
    if (!backoff) return 0;
    const delayMs = backoff.base_ms * backoff.factor ** (attempt - 1);
    return backoff.jitter === 'full' ? this.jitter.uniform(0, delayMs) : delayMs;
  }
}
