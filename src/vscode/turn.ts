/**
 * Lets one run or grading work at a time: two at once would measure each other. A turn that is aborted while it waits
 * rejects with the signal's reason and never starts.
 */
export class Turn {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  /** True while something works or waits. */
  get busy(): boolean {
    return this.waiting > 0;
  }

  async take<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.last;
    this.waiting++;
    const mine = (async () => {
      await before;
      signal.throwIfAborted();
      return work();
    })();
    this.last = mine.catch(() => undefined);
    try {
      return await Promise.race([mine, rejectionOf(signal, before)]);
    } finally {
      this.waiting--;
    }
  }
}

/** Rejects when `signal` aborts before `until` settles; pending for ever otherwise. */
function rejectionOf(signal: AbortSignal, until: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    void until.finally(() => signal.removeEventListener('abort', abort));
  });
}
