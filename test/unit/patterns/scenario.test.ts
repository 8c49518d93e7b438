import { describe, expect, it } from 'vitest';
import { HumanError } from '../../../src/shared/errors.ts';
import { parsePatternsScenario } from '../../../src/shared/scenario/patterns.ts';
import { simulatePatterns } from '../../../src/sim/patterns/simulate.ts';
import { base } from './base.ts';

const valid = {
  ...base,
  worker: 'blocking',
  wakeup: 'fifo',
  accept_cost: 0,
  dispatch_cost: 0,
  context_switch: { process: 0, thread: 0 },
  spawn_cost: 0,
  worker_memory_kb: 30_000,
  shared_kb: 10_000,
  crash: { worker: 2, at: 1000, respawn_after: 50 },
};

describe('parsePatternsScenario', () => {
  it('takes the documented form', () => {
    expect(parsePatternsScenario(valid)).toEqual(valid);
  });

  it.each<[object, RegExp]>([
    [{ pattern: 'fork' }, /"pattern" must be "single" or "shared-listener" or .*"single-fork" \(found "fork"\)/],
    [{ workers: 0 }, /"workers" must be a whole number from 1/],
    [{ worker: 'thread' }, /"worker" must be "blocking" or "event-loop"/],
    [{ wakeup: 'lifo' }, /"wakeup" must be "fifo" or "first" or "last" or "random"/],
    [{ classes: [] }, /"classes" must be a list of at least 1/],
    [{ classes: [{ name: 'a', share: 0.5, cpu: { dist: 'exponential', mean: 1 } }] }, /"share" of all "classes" must add up to 1 \(they add up to 0.5\)/],
    [{ classes: [{ name: 'a', share: 1, cpu: { dist: 'exponential', mean: -1 } }] }, /"classes\.0\.cpu\.mean" must be a number above 0/],
    [{ classes: [1, 2].map(() => ({ name: 'a', share: 0.5, cpu: { dist: 'exponential', mean: 1 } })) }, /"classes\.1\.name" must differ/],
    [{ accept_cost: -1 }, /"accept_cost" must be a number from 0/],
    [{ context_switch: { core: 1 } }, /"context_switch\.core" is not a field/],
    [{ crash: { worker: 4, at: 1 } }, /"crash\.worker" must be a whole number from 0 to 3/],
    [{ fork: { at: 0, child_cpu: null } }, /"fork" must be left out/],
    [{ warmup: 20_000 }, /"warmup" must be below "requests"/],
    [{ threads: 3 }, /"threads" is not a field/],
  ])('refuses %j in one sentence', (change, sentence) => {
    const parse = (): unknown => parsePatternsScenario({ ...valid, ...change });
    expect(parse).toThrow(HumanError);
    expect(parse).toThrow(sentence);
  });
});

describe('memory', () => {
  const memory = (change: object): number => simulatePatterns(parsePatternsScenario({ ...valid, ...change })).output.memory_kb;

  it('is what is shared and each worker', () => {
    for (const pattern of ['shared-listener', 'reuseport', 'primary', 'thread-pool']) expect(memory({ pattern })).toBe(130_000);
    expect(memory({ pattern: 'single' })).toBe(40_000);
  });

  it('is that of the most processes at once, with one per connection', () => {
    const arrival = { dist: 'deterministic', rate: 1 };
    const classes = [{ name: 'all', share: 1, cpu: { dist: 'deterministic', mean: 0.5 }, io: { dist: 'deterministic', mean: 2 } }];
    // Each lives for 2.5, one comes every 1: three at once.
    expect(memory({ pattern: 'per-connection', arrival, classes, crash: undefined })).toBe(100_000);
  });

  it('grows after a fork by the pages that were written: P (1 − (1 − 1/P)^w) of them', () => {
    const pages = 7500;
    const copied = (memory({ pattern: 'single-fork', crash: undefined, arrival: { dist: 'exponential', rate: 0.5 }, requests: 5001, cores: 2 }) - 40_000) / 4;
    expect(Math.abs(copied - pages * (1 - (1 - 1 / pages) ** 5001))).toBeLessThan(4 * Math.sqrt(pages * 0.25));
  });

  it('no longer grows once the child has ended', () => {
    const fork = { at: 0, child_cpu: 100, pages_per_request: 1 };
    const kb = memory({ pattern: 'single-fork', crash: undefined, fork, arrival: { dist: 'deterministic', rate: 0.5 }, cores: 2 });
    expect(kb).toBeGreaterThan(40_000 + 4 * 45);
    expect(kb).toBeLessThanOrEqual(40_000 + 4 * 50);
  });
});
