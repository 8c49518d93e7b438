import { readFileSync } from 'node:fs';

const TICK_MS = 5;

/**
 * How long this process keeps its own loop from turning. What its main thread waited for a core in the same time, by the
 * kernel's own account, is not counted: other work on the machine does that to any loop.
 */
export class LoopWatch {
  longestMs = 0;
  #last = { atMs: 0, waitedMs: 0 };
  #timer: NodeJS.Timeout | undefined;

  start(): void {
    this.#last = now();
    this.#timer = setInterval(() => this.#look(), TICK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const { atMs, waitedMs } = now();
    this.longestMs = Math.max(this.longestMs, atMs - this.#last.atMs - (waitedMs - this.#last.waitedMs) - TICK_MS);
    this.#last = { atMs, waitedMs };
  }
}

/** The second field of schedstat is the main thread's time on a run queue, in nanoseconds. */
function now(): { atMs: number; waitedMs: number } {
  const waitedNs = Number(readFileSync('/proc/self/schedstat', 'latin1').split(' ')[1]);
  return { atMs: performance.now(), waitedMs: waitedNs / 1e6 };
}
