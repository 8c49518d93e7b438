import { monitorEventLoopDelay } from 'node:perf_hooks';
import { CoreWaits } from '../runtime/coreWaits.ts';

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
  readonly #delay = monitorEventLoopDelay({ resolution: 5 });
  readonly #waits: CoreWaits;

  /** @param pids the programs that are measured */
  constructor(pids: readonly number[] = []) {
    this.#waits = new CoreWaits([process.pid, ...pids]);
    this.#delay.enable();
  }

  /** The latest that our loop was run since the start, in milliseconds. */
  worstDelayMs(): number {
    return Number.isFinite(this.#delay.max) ? this.#delay.max / 1e6 : 0;
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
    this.#delay.disable();
  }
}
