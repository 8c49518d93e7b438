import { RandomStream } from '../engine/random.ts';
import type { RetryScenario } from '../../shared/scenario/retry.ts';

/**
 * What the network and the server's luck do to one attempt. `crash`: the server dies after its work and before its reply.
 * `arrives`: nothing; whether the reply comes in time is the server's affair.
 */
export type Fate = 'request-lost' | 'crash' | 'reply-lost' | 'arrives';

/**
 * Draws the fate of one attempt after another, and the delays between them: each kind from a stream of its own, so that a key
 * or a store changes the charges and not the losses.
 */
export class Fates {
  private readonly requestLoss: RandomStream;
  private readonly replyLoss: RandomStream;
  private readonly crashes: RandomStream;
  private readonly jitter: RandomStream;

  constructor(private readonly scenario: RetryScenario) {
    const { seed = 1 } = scenario;
    this.requestLoss = new RandomStream(seed, 'request-loss');
    this.replyLoss = new RandomStream(seed, 'reply-loss');
    this.crashes = new RandomStream(seed, 'crashes');
    this.jitter = new RandomStream(seed, 'jitter');
  }

  /** The next attempt's. */
  next(): Fate {
    const { request_loss, reply_loss, crash_before_reply = 0 } = this.scenario;
    if (this.requestLoss.chance(request_loss)) return 'request-lost';
    if (this.crashes.chance(crash_before_reply)) return 'crash';
    return this.replyLoss.chance(reply_loss) ? 'reply-lost' : 'arrives';
  }

  /** Milliseconds between the time-out of attempt number `attempt` and the next: base · factor^(attempt − 1), or uniform from 0 to that with full jitter. */
  backoffMs(attempt: number): number {
    const { backoff } = this.scenario;
    if (!backoff) return 0;
    // Multiplied out, since the last bit of a power differs between versions of Node.
    let delayMs = backoff.base_ms;
    for (let failed = 1; failed < attempt; failed++) delayMs *= backoff.factor;
    return backoff.jitter === 'full' ? this.jitter.uniform(0, delayMs) : delayMs;
  }
}
