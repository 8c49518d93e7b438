/**
 * The clock by which this process waits for what a learner's program does. It stands still while a debugger holds such a
 * program, so that no deadline passes at a breakpoint. There is one, since a runner does one job.
 */

interface Waiting {
  readonly over: () => void;
  leftMs: number;
  startedMs: number;
  timer: NodeJS.Timeout | undefined;
}

const holders = new Set<object>();
const waiting = new Set<Waiting>();

/** Calls `over` once `ms` milliseconds of this clock have gone by. Returns what ends the waiting before. */
export function after(ms: number, over: () => void): () => void {
  const one: Waiting = { over, leftMs: ms, startedMs: 0, timer: undefined };
  waiting.add(one);
  if (holders.size === 0) go(one);
  return () => {
    clearTimeout(one.timer);
    waiting.delete(one);
  };
}

/** Resolves after `ms` milliseconds of this clock; rejects with the signal's reason when that aborts before. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      end();
      reject(signal?.reason as Error);
    };
    const end = after(ms, () => {
      signal?.removeEventListener('abort', abort);
      resolve();
    });
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

/** Stops the clock until `holder` releases it; others may hold it too. */
export function hold(holder: object): void {
  holders.add(holder);
  for (const one of waiting) halt(one);
}

/** Lets the clock go on unless somebody else holds it. */
export function release(holder: object): void {
  if (holders.delete(holder) && holders.size === 0) for (const one of waiting) go(one);
}

function go(one: Waiting): void {
  one.startedMs = performance.now();
  one.timer = setTimeout(() => {
    waiting.delete(one);
    one.over();
  }, one.leftMs);
}

function halt(one: Waiting): void {
  if (one.timer === undefined) return;
  clearTimeout(one.timer);
  one.timer = undefined;
  one.leftMs = Math.max(0, one.leftMs - (performance.now() - one.startedMs));
}
