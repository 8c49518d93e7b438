import type { HttpAnswer } from 'backend-labs/kit';

/** What a sale of the ticket server takes. */
export const SALE_TAKES_MS = 300;

/** The most sales that ran at the same time for certain: each takes SALE_TAKES_MS, somewhere between its request and its answer. */
export function surelyAtOnce(answers: readonly HttpAnswer[]): number {
  const spans = answers.filter(sold).map(({ startedMs, totalMs }) => ({ from: startedMs + totalMs - SALE_TAKES_MS, to: startedMs + SALE_TAKES_MS }));
  return Math.max(0, ...spans.map(({ from: at }) => spans.filter(({ from, to }) => from <= at && at <= to).length));
}

export function sold({ status, body }: HttpAnswer): boolean {
  return status === 200 && body === 'sold';
}
