import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/kit/expectation.ts';

describe('an expectation', () => {
  it('says both sides in words, with the unit', () => {
    expect(judge(17, { atLeast: 100 }, 'clients')).toEqual({ met: false, expected: 'at least 100 clients', actual: '17 clients' });
    expect(judge(12.34567, { atLeast: 1, atMost: 5 }, 'ms')).toEqual({ met: false, expected: 'at least 1 ms and at most 5 ms', actual: '12.346 ms' });
    expect(judge('no', { equals: 'ok' })).toEqual({ met: false, expected: '"ok"', actual: '"no"' });
    expect(judge('no', { matches: /^o/ })).toMatchObject({ met: false, expected: 'text that matches /^o/' });
  });

  it('is met at its bounds', () => {
    expect(judge(5, { atLeast: 5, atMost: 5 }).met).toBe(true);
    expect(judge({ a: [1] }, { equals: { a: [1] } }).met).toBe(true);
    expect(judge('ok', { matches: /^o/ }).met).toBe(true);
  });

  it('is not met by what has another type', () => {
    expect(judge('5', { atLeast: 1 }).met).toBe(false);
    expect(judge(null, { atMost: 1 }).met).toBe(false);
    expect(judge(Number.NaN, { atMost: 1 }).met).toBe(false);
    expect(judge('5', { equals: 5 }).met).toBe(false);
    expect(judge(7, { matches: /7/ }).met).toBe(false);
    expect(judge(0, { equals: undefined }).met).toBe(false);
  });

  it('cuts long text', () => {
    expect(judge('x'.repeat(1000), { equals: '' }).actual.length).toBeLessThan(250);
  });
});
