import type { HttpAnswer } from 'backend-labs/kit';

/**
 * Whether those who came first into a line before so many `servers` were answered before who came last; null where no line formed, since not
 * all had come `beforeMs` before the first of all was answered. Neighbours may change places, since they are served side by side.
 */
export function keptOrder(answers: readonly HttpAnswer[], { servers, beforeMs }: { readonly servers: number; readonly beforeMs: number }): boolean | null {
  const done = answers.map(({ startedMs, totalMs }) => startedMs + totalMs);
  if (Math.min(...done) - lastThereMs(answers) < beforeMs) return null;
  return done.slice(servers, 2 * servers).every((ms) => ms < (done.at(-1) ?? 0));
}

/** From the first request's start until the last one was on its way. */
export function spreadMs(answers: readonly HttpAnswer[]): number {
  return lastThereMs(answers) - Math.min(...answers.map(({ startedMs }) => startedMs));
}

function lastThereMs(answers: readonly HttpAnswer[]): number {
  return Math.max(...answers.map(({ startedMs, connectMs }) => startedMs + (connectMs ?? 0)));
}
