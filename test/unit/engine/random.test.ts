import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../../src/sim/engine/random.ts';

const words = (stream: RandomStream, count = 8): number[] => Array.from({ length: count }, () => stream.uint32());
const DRAWS = 200_000;

/** Mean and standard deviation of many draws. */
function moments(draw: () => number): { mean: number; deviation: number } {
  const drawn = Array.from({ length: DRAWS }, draw);
  const mean = drawn.reduce((sum, x) => sum + x, 0) / DRAWS;
  return { mean, deviation: Math.sqrt(drawn.reduce((sum, x) => sum + (x - mean) ** 2, 0) / DRAWS) };
}

describe('RandomStream', () => {
  it('gives the same numbers for the same seed and name, here and everywhere', () => {
    expect(words(new RandomStream(1, 'arrivals'), 4)).toEqual(words(new RandomStream(1, 'arrivals'), 4));
    expect(words(new RandomStream(1, 'arrivals'), 4)).toEqual([2162433252, 2849690126, 3254609637, 3248186542]);
  });

  it('gives other numbers for another seed or name, however near', () => {
    const seeds = [0, 1, 2, -1, 0.5, 1e300, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1];
    const names = ['', 'a', 'b', 'ab', 'ba', 'arrivals', 'service'];
    const streams = seeds.flatMap((seed) => names.map((name) => words(new RandomStream(seed, name)).join()));
    expect(new Set(streams).size).toBe(seeds.length * names.length);
  });

  it('has streams that neither move nor resemble one another', () => {
    const a = new RandomStream(5, 'a');
    const b = new RandomStream(5, 'b');
    const alone = words(new RandomStream(5, 'b'));
    words(a, 1000);
    expect(words(b)).toEqual(alone);
    const product = moments(() => (a.unit() - 0.5) * (b.unit() - 0.5));
    expect(Math.abs(product.mean)).toBeLessThan(5 / 12 / Math.sqrt(DRAWS));
  });

  it('has the moments of its distributions', () => {
    const stream = new RandomStream(3, 'moments');
    const near = (draw: () => number, mean: number, deviation: number): void => {
      const seen = moments(draw);
      expect(Math.abs(seen.mean - mean)).toBeLessThan((5 * deviation) / Math.sqrt(DRAWS));
      expect(seen.deviation / deviation).toBeCloseTo(1, 1);
    };
    near(() => stream.uniform(10, 22), 16, Math.sqrt(12));
    near(() => stream.exponential(7), 7, 7);
    near(() => stream.normal(-3, 2), -3, 2);
    near(() => stream.pareto(5, 8), 10, 10 / Math.sqrt(15));
    near(() => stream.integer(-2, 3), 0.5, Math.sqrt(35 / 12));
    near(() => Number(stream.chance(0.2)), 0.2, 0.4);
  });

  it('draws integers over the whole range, without bias, and refuses what is none', () => {
    const stream = new RandomStream(9, 'integers');
    const counts = new Map<number, number>();
    for (let i = 0; i < 60_000; i++) {
      const drawn = stream.integer(4, 9);
      counts.set(drawn, (counts.get(drawn) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([4, 5, 6, 7, 8, 9]);
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(5 * Math.sqrt(10_000));
    const wide = moments(() => stream.integer(0, 3 * 2 ** 30 - 1) / 2 ** 30);
    expect(Math.abs(wide.mean - 1.5)).toBeLessThan(0.01);
    expect(stream.integer(6, 6)).toBe(6);
    for (const [low, high] of [[2, 1], [0, 0.5], [0, 2 ** 32], [NaN, 1]] as const) {
      expect(() => stream.integer(low, high)).toThrow(RangeError);
    }
    expect(() => new RandomStream(NaN, 'x')).toThrow(RangeError);
  });

  it('shuffles to every order, each as likely, and picks each item', () => {
    const stream = new RandomStream(4, 'shuffle');
    const orders = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = stream.shuffle(['a', 'b', 'c']).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(6);
    for (const count of orders.values()) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(1000));
    expect(new Set(Array.from({ length: 100 }, () => stream.pick(['x', 'y', 'z'])))).toEqual(new Set(['x', 'y', 'z']));
  });
});
