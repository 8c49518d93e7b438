import { CoreWaits } from '../runtime/coreWaits.ts';

/** How often our own loop turns while nothing holds it up. */
const TURN_MS = 5;
/** A delay of our own up to here is nothing to a limit that is larger. */
const SMALL_MS = 20;
/** As many delays as the worst may come together: ours, the server's, and between them the kernel's. */
const DELAYS = 5;

/**
 * Whether this machine is fit to decide on time: the checker, whose own loop has little to do, watches how late that loop
 * is run. Where it waits for a core, so may the learner's server, and a limit that was missed says nothing, unless it was
 * missed by more than both can have waited.
 */
export class Fitness {
  #worstMs = 0;
  #lastTurn = performance.now();
  readonly #turning: NodeJS.Timeout;
  readonly #waits: CoreWaits;

  /** @param pids the programs that are measured */
  constructor(pids: readonly number[] = []) {
    this.#waits = new CoreWaits([process.pid, ...pids]);
    this.#turning = setInterval(() => this.#turn(), TURN_MS).unref();
  }

  /** The latest that our loop was run since the start, in milliseconds. */
  worstDelayMs(): number {
    // Who asks may be the first to run after a delay, before the timer that would tell of it.
    this.#turn();
    return this.#worstMs;
  }

  /** A sentence where being held up may be why `actualMs` missed a limit of `limitMs`; null where that cannot be. */
  objection(actualMs: number, limitMs: number): string | null {
    const worst = this.worstDelayMs();
    const overMs = actualMs - limitMs;
    if (overMs > worst * DELAYS || worst <= Math.max(SMALL_MS, limitMs / 5)) return null;
    if (overMs > (this.#waits.waitedMs() ?? Infinity)) return null;
    return `This machine is too busy to decide on time: the checker itself was held up for ${Math.round(worst)} ms. Grade again when less is running.`;
  }

  stop(): void {
    clearInterval(this.#turning);
  }

  #turn(): void {
    const now = performance.now();
    this.#worstMs = Math.max(this.#worstMs, now - this.#lastTurn);
    this.#lastTurn = now;
  }
}
