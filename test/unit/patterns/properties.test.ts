import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PATTERNS_KIND } from '../../../src/shared/patternsTrace.ts';
import { parsePatternsScenario, PATTERNS } from '../../../src/shared/scenario/patterns.ts';
import { events } from '../../../src/shared/trace.ts';
import { simulatePatterns } from '../../../src/sim/patterns/simulate.ts';

const cost = fc.constantFrom(0, 0, 0.1, 1);
const mean = fc.double({ min: 0.05, max: 10, noNaN: true });
const scenarios = fc.record(
  {
    kind: fc.constant('patterns'),
    pattern: fc.constantFrom(...PATTERNS),
    workers: fc.integer({ min: 3, max: 6 }),
    cores: fc.integer({ min: 1, max: 6 }),
    worker: fc.constantFrom('blocking', 'event-loop'),
    wakeup: fc.constantFrom('fifo', 'first', 'last', 'random'),
    arrival: fc.record({ dist: fc.constant('exponential'), mean }),
    classes: fc.constantFrom(
      [{ name: 'all', share: 1, cpu: { dist: 'exponential', mean: 1 } }],
      [
        { name: 'cpu', share: 0.5, cpu: { dist: 'uniform', low: 0, high: 2 } },
        { name: 'io', share: 0.5, cpu: { dist: 'exponential', mean: 0.2 }, io: { dist: 'exponential', mean: 3 } },
      ],
    ),
    requests: fc.integer({ min: 1, max: 150 }),
    seed: fc.nat(),
    accept_cost: cost,
    dispatch_cost: cost,
    context_switch: fc.record({ process: cost, thread: cost }),
    spawn_cost: cost,
    worker_memory_kb: fc.nat({ max: 1000 }),
    shared_kb: fc.nat({ max: 1000 }),
    handoff: fc.constantFrom('blind', 'acknowledged'),
    one_process: fc.boolean(),
    crash: fc.record({ worker: fc.nat({ max: 2 }), at: fc.double({ min: 0, max: 200, noNaN: true }), respawn_after: fc.option(fc.nat({ max: 50 })) }),
  },
  { requiredKeys: ['kind', 'pattern', 'workers', 'cores', 'worker', 'wakeup', 'arrival', 'classes', 'requests', 'seed'] },
);

describe('any server', () => {
  it('serves or loses every request, and tells it in its trace', () => {
    fc.assert(
      fc.property(scenarios, (input) => {
        const { output, trace } = simulatePatterns(parsePatternsScenario(input));
        const rows = [...events(trace)];
        const count = (kind: string): number => rows.filter((row) => row.kind === kind).length;
        const served = output.per_worker.reduce((sum, worker) => sum + worker.requests, 0);
        expect(served + output.lost).toBe(input.requests);
        expect(output.per_class.reduce((sum, one) => sum + one.requests, 0)).toBe(served);
        expect(count(PATTERNS_KIND.arrive)).toBe(input.requests);
        expect(count(PATTERNS_KIND.depart)).toBe(served);
        // Nobody who was lost while no worker was there has a row of its own: those wait for ever.
        expect(count(PATTERNS_KIND.lost)).toBeLessThanOrEqual(output.lost);
        for (const { utilization } of output.per_worker) expect(utilization).toBeGreaterThanOrEqual(0);
        for (const { utilization } of output.per_worker) expect(utilization).toBeLessThanOrEqual(1 + 1e-9);
        expect(output.fairness).toBeLessThanOrEqual(1 + 1e-12);
        if (!('crash' in input)) expect(output.lost).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('never finishes a request sooner than its own CPU and I/O time', () => {
    fc.assert(
      fc.property(scenarios, (input) => {
        const { trace } = simulatePatterns(parsePatternsScenario(input));
        const started = new Map<string, number>();
        for (const { timeNs, kind, entity, value } of events(trace)) {
          if (kind === PATTERNS_KIND.arrive) started.set(entity, timeNs);
          if (kind === PATTERNS_KIND.depart) expect(Math.abs(timeNs - (started.get(entity) ?? NaN) - value)).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('is a function of its scenario', () => {
    fc.assert(
      fc.property(scenarios, (input) => {
        const once = JSON.stringify(simulatePatterns(parsePatternsScenario(input)));
        expect(JSON.stringify(simulatePatterns(parsePatternsScenario(input)))).toBe(once);
      }),
      { numRuns: 50 },
    );
  });

  it('gives every pattern the same requests under one seed', () => {
    const arrivals = PATTERNS.map((pattern) => {
      const arrival = { dist: 'exponential', rate: 1 };
      const classes = [{ name: 'all', share: 1, cpu: { dist: 'exponential', mean: 1 } }];
      const { trace } = simulatePatterns(parsePatternsScenario({ kind: 'patterns', pattern, workers: 2, cores: 2, arrival, classes, requests: 100 }));
      return [...events(trace)].filter((row) => row.kind === PATTERNS_KIND.arrive).map((row) => row.timeNs);
    });
    for (const times of arrivals) expect(times).toEqual(arrivals[0]);
  });
});
