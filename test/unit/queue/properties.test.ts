import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QUEUE_ENTITY, QUEUE_KIND } from '../../../src/shared/queueTrace.ts';
import { parseQueueScenario, type QueueScenario } from '../../../src/shared/scenario/queue.ts';
import { events } from '../../../src/shared/trace.ts';
import { simulateQueue } from '../../../src/sim/queue/simulate.ts';

const mean = fc.double({ min: 0.01, max: 100, noNaN: true });
const distribution = fc.oneof(
  fc.record({ dist: fc.constant('exponential'), mean }),
  fc.record({ dist: fc.constant('deterministic'), mean }),
  fc.record({ dist: fc.constant('uniform'), low: fc.constant(0), high: mean }),
  fc.record({ dist: fc.constant('erlang'), mean, k: fc.integer({ min: 1, max: 50 }) }),
  fc.record({ dist: fc.constant('hyperexponential'), p: fc.double({ min: 0, max: 1, noNaN: true }), mean1: mean, mean2: mean }),
  fc.record({ dist: fc.constant('lognormal'), mean, cv: fc.double({ min: 0, max: 5, noNaN: true }) }),
);
const scenario = fc
  .record({
    kind: fc.constant('queue'),
    servers: fc.integer({ min: 1, max: 5 }),
    arrival: distribution,
    service: distribution,
    customers: fc.integer({ min: 1, max: 200 }),
    seed: fc.nat(),
    capacity: fc.option(fc.nat({ max: 5 })),
    discipline: fc.constantFrom('fifo', 'lifo', 'processor-sharing'),
  })
  .map(parseQueueScenario);

describe('any queue', () => {
  it('serves or loses everyone, and tells it in its trace', () => {
    fc.assert(
      fc.property(scenario, (input) => {
        const { output, trace } = simulateQueue(input);
        const rows = [...events(trace)];
        const count = (kind: string): number => rows.filter((row) => row.kind === kind).length;
        expect(output.customers + output.lost).toBe(input.customers);
        expect(output.events).toBe(input.customers + output.customers);
        expect(count(QUEUE_KIND.arrive)).toBe(input.customers);
        expect(count(QUEUE_KIND.start)).toBe(output.customers);
        expect(count(QUEUE_KIND.depart)).toBe(output.customers);
        expect(count(QUEUE_KIND.lost)).toBe(output.lost);
      }),
      { numRuns: 150 },
    );
  });

  it("keeps Little's law: what the customers wait is the area under the queue's length", () => {
    fc.assert(
      fc.property(scenario, (input) => {
        const { output, trace } = simulateQueue(input);
        let area = 0;
        let length = 0;
        let since = 0;
        for (const { timeNs, kind, entity, value } of events(trace)) {
          if (kind !== QUEUE_KIND.queueLength || entity !== QUEUE_ENTITY) continue;
          area += length * (timeNs - since);
          [length, since] = [value, timeNs];
        }
        expect(length).toBe(0);
        const waited = (output.mean_wait ?? 0) * output.customers * 1e6;
        expect(Math.abs(area - waited)).toBeLessThan(1e-6 * waited + 4 * input.customers);
      }),
      { numRuns: 150 },
    );
  });

  it('works no more than its customers ask for: busy time is the sum of service times', () => {
    fc.assert(
      fc.property(scenario.filter(({ discipline }) => discipline !== 'processor-sharing'), (input) => {
        const { trace } = simulateQueue(input);
        let busy = 0;
        let asked = 0;
        const lost = new Set<string>();
        for (const { timeNs, kind, value } of events(trace)) if (kind === QUEUE_KIND.busy) busy += value === 1 ? -timeNs : timeNs;
        for (const { kind, entity } of events(trace)) if (kind === QUEUE_KIND.lost) lost.add(entity);
        for (const { kind, entity, value } of events(trace)) if (kind === QUEUE_KIND.arrive && !lost.has(entity)) asked += value;
        expect(Math.abs(busy - asked)).toBeLessThan(1e-9 * asked + 4 * input.customers);
      }),
      { numRuns: 150 },
    );
  });

  it('is a function of its scenario, and another seed is another run', () => {
    const input = parseQueueScenario({ kind: 'queue', servers: 2, arrival: { dist: 'exponential', rate: 1.5 }, service: { dist: 'exponential', mean: 1 }, customers: 500 });
    const other: QueueScenario = { ...input, seed: 2 };
    expect(JSON.stringify(simulateQueue(input))).toBe(JSON.stringify(simulateQueue(input)));
    expect(simulateQueue(other).output.mean_wait).not.toBe(simulateQueue(input).output.mean_wait);
  });

  it('bounds its trace and says so', () => {
    const input = parseQueueScenario({ kind: 'queue', servers: 1, arrival: { dist: 'exponential', rate: 0.5 }, service: { dist: 'exponential', mean: 1 }, customers: 50_000 });
    const { trace } = simulateQueue(input);
    expect(trace.timeNs.length).toBe(4000);
    expect(trace.truncated).toBe(true);
    expect(trace.durationNs).toBe(trace.timeNs.at(-1));
  });
});
