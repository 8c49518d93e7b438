import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Tally, TimeWeighted } from '../../../src/sim/engine/metrics.ts';

describe('TimeWeighted', () => {
  it('weighs each value by how long it lasted', () => {
    const length = new TimeWeighted(10);
    length.add(12, 1);
    length.add(15, 2);
    length.set(16, 0);
    expect([length.average(20), length.maximum, length.value]).toEqual([(3 * 1 + 1 * 3) / 10, 3, 0]);
    expect(length.average(10 + 20)).toBe(6 / 20);
  });

  it('is the present value while no time has passed, and refuses to go back', () => {
    const length = new TimeWeighted(5, 3);
    expect(length.average(5)).toBe(3);
    length.set(6, 1);
    expect(() => length.set(5.9, 0)).toThrow(RangeError);
  });
});

describe('Tally', () => {
  it('agrees with the definitions on any observations', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 60 }), fc.nat(100), (values, percent) => {
        const tally = new Tally();
        for (const value of values) tally.add(value);
        const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
        expect(tally.mean).toBeCloseTo(mean, 6);
        expect(tally.variance).toBeCloseTo(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1), 4);
        expect([tally.minimum, tally.maximum, tally.count]).toEqual([Math.min(...values), Math.max(...values), values.length]);
        const at = tally.percentile(percent);
        const notAbove = values.filter((value) => value <= at).length;
        const below = values.filter((value) => value < at).length;
        expect(notAbove * 100).toBeGreaterThanOrEqual(percent * values.length);
        expect(below === 0 || below * 100 < percent * values.length).toBe(true);
      }),
    );
  });

  it('goes on counting after a percentile was asked for', () => {
    const tally = new Tally();
    for (const value of [3, 1]) tally.add(value);
    expect(tally.percentile(50)).toBe(1);
    for (const value of [2, 0]) tally.add(value);
    expect([0, 50, 75, 100].map((percent) => tally.percentile(percent))).toEqual([0, 1, 2, 3]);
  });

  it('is NaN where nothing was observed, and takes numbers only', () => {
    const tally = new Tally();
    expect([tally.mean, tally.variance, tally.percentile(50)]).toEqual([NaN, NaN, NaN]);
    expect(() => tally.add(NaN)).toThrow(RangeError);
    expect(() => tally.percentile(101)).toThrow(RangeError);
  });
});
