import { describe, expect, it } from 'vitest';
import { parsePatternsScenario } from '../../../src/shared/scenario/patterns.ts';
import { parseQueueScenario } from '../../../src/shared/scenario/queue.ts';
import type { PatternsOutput } from '../../../src/sim/patterns/output.ts';
import { simulatePatterns } from '../../../src/sim/patterns/simulate.ts';
import { simulateQueue } from '../../../src/sim/queue/simulate.ts';
import { erlangC, meanWaitErlangArrivals, meanWaitMG1, meanWaitMMc } from '../queue/theory.ts';
import { base } from './base.ts';

function run(change: object): PatternsOutput {
  return simulatePatterns(parsePatternsScenario({ ...base, requests: 300_000, ...change })).output;
}

/** Within 5 %: about four standard errors of these means at a load of 0.8 and 300,000 requests. */
function expectNear(got: number | null, exact: number, tolerance = 0.05): void {
  expect(Math.abs((got ?? NaN) / exact - 1)).toBeLessThan(tolerance);
}

describe('with free costs and CPU only, the patterns are known queues', () => {
  it('single is M/M/1', () => {
    const output = run({ pattern: 'single', arrival: { dist: 'exponential', rate: 0.8 } });
    expectNear(output.mean_wait, meanWaitMMc(1, 0.8));
    expectNear(output.throughput, 0.8, 0.01);
    // Its sojourn is exponential with mean 5.
    expectNear(output.sojourn_percentiles['50'], 5 * Math.LN2);
    expectNear(output.sojourn_percentiles['99'], 5 * Math.log(100), 0.08);
  });

  it.each(['shared-listener', 'thread-pool'])('%s is M/M/c', (pattern) => {
    for (const workers of [2, 4, 16]) {
      const rate = 0.8 * workers;
      const output = run({ pattern, workers, cores: workers, arrival: { dist: 'exponential', rate } });
      expectNear(output.mean_wait, meanWaitMMc(workers, rate), 0.08);
      for (const worker of output.per_worker) expect(worker.utilization).toBeCloseTo(0.8, 1);
    }
  });

  it('reuseport is c separate M/M/1', () => {
    expectNear(run({ pattern: 'reuseport' }).mean_wait, meanWaitMMc(1, 0.8));
  });

  it('primary is c separate queues with Erlang-c arrivals', () => {
    expectNear(run({ pattern: 'primary' }).mean_wait, meanWaitErlangArrivals(0.8, 4));
  });

  it('per-connection is M/M/c processor sharing, request for request', () => {
    const output = run({ pattern: 'per-connection' });
    expectNear(output.mean_wait, meanWaitMMc(4, 3.2));
    // The sojourn's distribution has no simple form; the queue model is the same system.
    const queue = { kind: 'queue', servers: 4, arrival: base.arrival, service: base.classes[0]?.cpu, customers: 300_000, warmup: 5000, discipline: 'processor-sharing' };
    const shared = simulateQueue(parseQueueScenario(queue)).output;
    expectNear(output.mean_wait, shared.mean_wait ?? NaN);
  });

  it('more workers than cores share them: twelve on four is M/M/4 processor sharing until twelve are present', () => {
    const many = run({ pattern: 'shared-listener', workers: 12 });
    // Exponential service does not mind how the cores are shared, as long as all are used.
    expectNear(many.mean_wait, meanWaitMMc(4, 3.2));
    expect(many.sojourn_percentiles['50']).toBeLessThan(run({ pattern: 'shared-listener' }).sojourn_percentiles['50'] ?? NaN);
  });
});

describe('what the patterns add to that', () => {
  const half = { dist: 'exponential', rate: 0.5 };

  it('a forked child halves the speed of a single core, and leaves a second core alone', () => {
    const fork = { pattern: 'single-fork', arrival: { dist: 'exponential', rate: 0.3 }, worker_memory_kb: 4000, shared_kb: 1000 };
    expectNear(run({ ...fork, cores: 1 }).mean_wait, 2 * meanWaitMMc(1, 0.6) + 1);
    const two = run({ ...fork, cores: 2 });
    expectNear(two.mean_wait, meanWaitMMc(1, 0.3));
    // Every one of the 1000 pages was written, so every one was copied.
    expect(two.memory_kb).toBe(1000 + 4000 + 4000);
  });

  it('an event loop serves others through I/O, a blocking worker does not', () => {
    const classes = [{ name: 'all', share: 1, cpu: { dist: 'exponential', mean: 1 }, io: { dist: 'deterministic', mean: 3 } }];
    const loop = run({ pattern: 'single', worker: 'event-loop', classes, arrival: half });
    expectNear(loop.mean_wait, meanWaitMMc(1, 0.5));
    const service = { dist: 'deterministic', mean: 0.5 };
    const blocking = run({ pattern: 'shared-listener', workers: 1, classes: [{ name: 'all', share: 1, cpu: service, io: { dist: 'deterministic', mean: 0.5 } }], arrival: half });
    expectNear(blocking.mean_wait, meanWaitMG1(0.5, 1, 0));
    expectNear(blocking.per_worker[0]?.utilization ?? NaN, 0.5, 0.02);
  });

  it('a worker that accepts for itself pays for it: M/D/1 with a longer service', () => {
    const output = run({ pattern: 'single', accept_cost: 0.2, classes: [{ name: 'all', share: 1, cpu: { dist: 'deterministic', mean: 1 } }], arrival: half });
    expectNear(output.mean_wait, meanWaitMG1(0.5, 1.2, 0) + 0.2);
  });

  it('a process per connection pays for its making: M/G/1 processor sharing does not mind how', () => {
    const output = run({ pattern: 'per-connection', cores: 1, spawn_cost: 0.3, arrival: half });
    expectNear(output.mean_wait, 1.3 / (1 - 0.65) - 1);
  });

  it('a process that has replied still has to end: who computes meanwhile shares the core with it', () => {
    const two = { pattern: 'per-connection', cores: 1, requests: 2, warmup: 0, arrival: { dist: 'deterministic', mean: 6 }, classes: [{ name: 'all', share: 1, cpu: { dist: 'deterministic', mean: 5 } }] } as const;
    // The second comes a unit before the first has ended: they share for two units.
    expect(run({ ...two, exit_cost: 2 }).sojourn_percentiles).toMatchObject({ 50: 5, 99: 6 });
    expect(run(two).sojourn_percentiles).toMatchObject({ 50: 5, 99: 5 });
  });

  it('a primary that needs 0.5 to hand one out lets no more than 2 through per unit of time', () => {
    const output = run({ pattern: 'primary', dispatch_cost: 0.4, accept_cost: 0.1, cores: 8, requests: 50_000 });
    expectNear(output.throughput, 2, 0.01);
    const threads = run({ pattern: 'thread-pool', dispatch_cost: 0.4, accept_cost: 0.1, cores: 8, requests: 50_000 });
    expectNear(threads.throughput, 2, 0.01);
  });

  it('a switch costs where a core ran another before: two workers in turn on one core', () => {
    const turn = { arrival: { dist: 'deterministic', mean: 2 }, classes: [{ name: 'all', share: 1, cpu: { dist: 'deterministic', mean: 1 } }], cores: 1, workers: 2, requests: 1000, warmup: 100 };
    const context_switch = { process: 0.25, thread: 0.125 };
    expect(run({ ...turn, pattern: 'shared-listener', context_switch }).mean_wait).toBeCloseTo(0.25, 9);
    expect(run({ ...turn, pattern: 'thread-pool', context_switch }).mean_wait).toBeCloseTo(0.125, 9);
    // The most recently idle worker is the one that the core ran last; so is the only one.
    expect(run({ ...turn, pattern: 'shared-listener', wakeup: 'last', context_switch }).mean_wait).toBe(0);
    expect(run({ ...turn, pattern: 'single', context_switch }).mean_wait).toBe(0);
    // On a core each, nobody is in the way.
    expect(run({ ...turn, pattern: 'shared-listener', cores: 2, context_switch }).mean_wait).toBe(0);
  });

  it('wakes whom it is told to', () => {
    const light = { pattern: 'shared-listener', arrival: { dist: 'exponential', rate: 1 } };
    const requests = (wakeup: string): number[] => run({ ...light, wakeup }).per_worker.map((worker) => worker.requests / 295_000);
    for (const share of requests('fifo')) expect(share).toBeCloseTo(0.25, 2);
    for (const share of requests('random')) expect(share).toBeCloseTo(0.25, 2);
    const first = requests('first');
    // The first server takes every arrival that finds it idle; with an ordered hunt it is busy 1/2 of the time (M/M/1/1), unless all queue.
    expect(first[0]).toBeGreaterThan(0.45);
    expect(first.toSorted((a, b) => b - a)).toEqual(first);
    expect(run({ ...light, wakeup: 'first' }).fairness).toBeLessThan(0.8);
    expect(run({ ...light, wakeup: 'fifo' }).fairness).toBeGreaterThan(0.9999);
  });

  it('tells classes apart: a heavy class delays the light one behind one loop', () => {
    const classes = [
      { name: 'light', share: 0.9, cpu: { dist: 'deterministic', mean: 0.1 } },
      { name: 'heavy', share: 0.1, cpu: { dist: 'deterministic', mean: 5 } },
    ];
    const output = run({ pattern: 'single', classes, arrival: half });
    const mean = 0.59;
    const second = 0.9 * 0.01 + 0.1 * 25;
    const [light, heavy] = output.per_class;
    expectNear(light?.mean_wait ?? NaN, (0.5 * second) / 2 / (1 - 0.5 * mean));
    expectNear(heavy?.mean_wait ?? NaN, light?.mean_wait ?? NaN);
    expectNear((light?.requests ?? NaN) / 295_000, 0.9, 0.01);
    expect([light?.name, heavy?.name]).toEqual(['light', 'heavy']);
  });

  it('an arrival waits at M/M/c as often as Erlang says', () => {
    const output = run({ pattern: 'shared-listener', classes: [{ name: 'all', share: 1, cpu: { dist: 'exponential', mean: 1 } }] });
    // P(wait) · 1/(c − load) is the mean wait.
    expectNear((output.mean_wait ?? NaN) * 0.8, erlangC(4, 3.2));
  });
});
