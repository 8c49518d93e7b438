import { describe, expect, it } from 'vitest';
import { parseQueueScenario } from '../../../src/shared/scenario/queue.ts';
import { simulateQueue, type QueueOutput } from '../../../src/sim/queue/simulate.ts';
import { meanWaitMG1, meanWaitMMc } from './theory.ts';

const base = { kind: 'queue', servers: 1, arrival: { dist: 'exponential', rate: 0.8 }, service: { dist: 'exponential', mean: 1 }, customers: 300_000, warmup: 5000 };

function run(change: object): QueueOutput {
  return simulateQueue(parseQueueScenario({ ...base, ...change })).output;
}

function expectMean(output: QueueOutput, exact: number): void {
  expect(Math.abs((output.mean_wait ?? NaN) - exact)).toBeLessThan(3 * (output.ci95_mean_wait ?? NaN));
}

describe('disciplines', () => {
  it('last come, first served: the same mean wait as first come, with far longer ones', () => {
    const fifo = run({});
    const lifo = run({ discipline: 'lifo' });
    expectMean(lifo, 4);
    expect(lifo.wait_percentiles['99.9']).toBeGreaterThan(2 * (fifo.wait_percentiles['99.9'] ?? NaN));
    expect(lifo.wait_percentiles['50']).toBeLessThan(fifo.wait_percentiles['50'] ?? NaN);
  });

  it('the order does not decide how many wait, where all need the same time', () => {
    const service = { dist: 'deterministic', mean: 1 };
    expect(run({ service, discipline: 'lifo' }).mean_queue_length).toBeCloseTo(run({ service }).mean_queue_length, 9);
  });

  it.each([
    ['deterministic', { dist: 'deterministic', mean: 1 }],
    ['hyperexponential', { dist: 'hyperexponential', p: 0.9, mean1: 0.5, mean2: 5.5 }],
    ['lognormal', { dist: 'lognormal', mean: 1, cv: 2 }],
  ])('processor sharing does not mind a %s service time: the sojourn is mean / (1 − load)', (_, service) => {
    const output = run({ discipline: 'processor-sharing', service });
    expect(Math.abs((output.mean_sojourn ?? NaN) - 5)).toBeLessThan(3 * (output.ci95_mean_wait ?? NaN));
  });

  it.each([2, 5])('%s shared servers have the mean of as many servers with a line', (servers) => {
    const rate = 0.8 * servers;
    expectMean(run({ servers, arrival: { dist: 'exponential', rate }, discipline: 'processor-sharing' }), meanWaitMMc(servers, rate));
  });

  it('shares a bounded number of places: who finds them taken is lost', () => {
    // M/M/1/K is the same chain however the server is shared: 1 server and 5 places, load 0.9.
    const output = run({ discipline: 'processor-sharing', capacity: 5, arrival: { dist: 'exponential', rate: 0.9 } });
    const share = (0.1 * 0.9 ** 6) / (1 - 0.9 ** 7);
    expect(output.lost / (output.lost + output.customers)).toBeCloseTo(share, 2);
  });

  it.each([
    ['uniform', { dist: 'uniform', low: 0.5, high: 1.5 }, 1 / 12],
    ['erlang of 3', { dist: 'erlang', mean: 1, k: 3 }, 1 / 3],
    ['erlang of 40', { dist: 'erlang', mean: 1, k: 40 }, 1 / 40],
    ['lognormal', { dist: 'lognormal', mean: 1, cv: 1.5 }, 2.25],
  ])('%s service meets Pollaczek and Khinchine', (_, service, squaredVariation) => {
    expectMean(run({ service }), meanWaitMG1(0.8, 1, squaredVariation));
  });

  it('counts exactly where nothing is random: arrivals every 2, service 1', () => {
    const arrival = { dist: 'deterministic', mean: 2 };
    const output = run({ arrival, service: { dist: 'deterministic', mean: 1 }, customers: 1000, warmup: 0 });
    expect(output).toEqual({
      customers: 1000,
      lost: 0,
      mean_wait: 0,
      mean_sojourn: 1,
      mean_queue_length: 0,
      utilization: 0.5,
      wait_percentiles: { '50': 0, '90': 0, '99': 0, '99.9': 0 },
      ci95_mean_wait: 0,
      events: 2000,
    });
  });

  it('has percentiles that are exact: of M/M/1, P(wait > t) = ρ e^(−(1−ρ)t)', () => {
    const { wait_percentiles } = run({ customers: 1_000_000, warmup: 10_000 });
    for (const percent of [50, 90, 99] as const) {
      const exact = Math.log(0.8 / (1 - percent / 100)) / 0.2;
      expect((wait_percentiles[percent] ?? NaN) / exact).toBeCloseTo(1, 1.3);
    }
  });
});
