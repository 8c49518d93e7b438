import { describe, expect, it } from 'vitest';
import { keptOrder, spreadMs } from '../../../labs/02-one-process-one-thread/line.ts';
import { SALE_TAKES_MS, surelyAtOnce } from '../../../labs/05-accept-queue/sales.ts';
import type { HttpAnswer } from '../../../src/kit/httpClient.ts';

/** An answer to a request of that time, so much later. */
function answered(startedMs: number, totalMs: number, { connectMs = 1, status = 200, body = 'sold' }: Partial<HttpAnswer> = {}): HttpAnswer {
  return { startedMs, totalMs, connectMs, status, body, headers: {}, error: null };
}

const times = (count: number, each: (i: number) => HttpAnswer): HttpAnswer[] => Array.from({ length: count }, (_, i) => each(i));

describe('sales at the same time, for certain', () => {
  it('are all of those that were answered when a sale was over', () => {
    expect(surelyAtOnce(times(9, () => answered(0, SALE_TAKES_MS + 5)))).toBe(9);
  });

  it('are not those of a machine on which each may have begun when another was over', () => {
    expect(surelyAtOnce(times(9, (i) => answered(0, (i + 1) * (SALE_TAKES_MS + 5))))).toBe(1);
  });

  it('are not those that came one after another', () => {
    expect(surelyAtOnce(times(9, (i) => answered(i * (SALE_TAKES_MS + 10), SALE_TAKES_MS + 5)))).toBe(1);
  });

  it('are none that were refused', () => {
    expect(surelyAtOnce(times(9, (i) => answered(0, SALE_TAKES_MS, i < 8 ? {} : { status: 503 })))).toBe(8);
  });
});

describe('the order of a line', () => {
  const line = { servers: 2, beforeMs: 75 };
  /** Six requests, 5 ms apart, of which two are computed at a time, for 150 ms. */
  const inTurn = times(6, (i) => answered(5 * i, 150 * (1 + Math.floor(i / 2))));

  it('is kept where the first of it is done before the last', () => {
    expect(keptOrder(inTurn, line)).toBe(true);
  });

  it('is not kept where the last goes first', () => {
    expect(keptOrder(inTurn.with(2, answered(10, 450)).with(5, answered(25, 300)), line)).toBe(false);
  });

  it('is not kept where only the very first one was there early enough to go before the last', () => {
    expect(keptOrder(inTurn.with(2, answered(10, 300)).with(3, answered(15, 455)).with(5, answered(25, 310)), line)).toBe(false);
  });

  it('is not decided where the last came when the first was about to be done: no line had formed', () => {
    expect(keptOrder(inTurn.with(2, answered(10, 450)).with(5, answered(25, 300, { connectMs: 100 })), line)).toBeNull();
  });

  it('counts as spread from the first request to the last connection', () => {
    expect(spreadMs(inTurn.with(5, answered(25, 300, { connectMs: 100 })))).toBe(125);
  });
});
