import { describe, expect, it } from 'vitest';
import { PATTERNS_KIND } from '../../../src/shared/patternsTrace.ts';
import { parsePatternsScenario } from '../../../src/shared/scenario/patterns.ts';
import { events, type Trace } from '../../../src/shared/trace.ts';
import type { PatternsOutput } from '../../../src/sim/patterns/output.ts';
import { simulatePatterns } from '../../../src/sim/patterns/simulate.ts';

/** Requests arrive every 1, at 1, 2, 3, …; two workers on two cores need 1.9 each. Worker 1 dies at 50.5. */
const steady = {
  kind: 'patterns',
  pattern: 'shared-listener',
  workers: 2,
  cores: 2,
  arrival: { dist: 'deterministic', rate: 1 },
  classes: [{ name: 'all', share: 1, cpu: { dist: 'deterministic', mean: 1.9 } }],
  requests: 100,
  crash: { worker: 1, at: 50.5, respawn_after: 10 },
};

function run(change: object): { output: PatternsOutput; trace: Trace } {
  return simulatePatterns(parsePatternsScenario({ ...steady, ...change }));
}

function at(trace: Trace, kind: string): number[] {
  return [...events(trace)].filter((row) => row.kind === kind).map((row) => row.timeNs / 1e6);
}

describe('a crash', () => {
  it('loses the one request in service where the queue is shared, and the worker comes back', () => {
    const { output, trace } = run({});
    expect(output.lost).toBe(1);
    expect(at(trace, PATTERNS_KIND.crash)).toEqual([50.5]);
    expect(at(trace, PATTERNS_KIND.lost)).toEqual([50.5]);
    expect(at(trace, PATTERNS_KIND.respawn)).toEqual([60.5]);
    expect(output.per_worker.map((worker) => worker.requests)).toEqual([53, 46]);
    // Ten time units with one worker, which serves five requests or so less than arrive.
    expect(output.mean_wait).toBeGreaterThan(1);
  });

  it('pays for its new start', () => {
    expect(at(run({ spawn_cost: 3 }).trace, PATTERNS_KIND.respawn)).toEqual([63.5]);
  });

  it('leaves the others with the work where nobody starts it again', () => {
    const { output } = run({ crash: { worker: 1, at: 50.5 } });
    expect(output.lost).toBe(1);
    // From 50.5 on one worker serves one request per 1.9.
    expect(output.throughput).toBeLessThan(0.75);
  });

  it('takes its own queue with it where it has one', () => {
    // At 3 times the load each worker has about 33 waiting after 50 time units.
    const overload = { arrival: { dist: 'deterministic', rate: 3 }, requests: 300 };
    for (const pattern of ['reuseport', 'primary', 'single']) expect(run({ ...overload, pattern }).output.lost).toBeGreaterThan(20);
    for (const pattern of ['shared-listener', 'thread-pool', 'per-connection']) expect(run({ ...overload, pattern }).output.lost).toBe(1);
  });

  it('refuses connections while nobody listens; a primary keeps them', () => {
    const alone = { workers: 1, crash: { worker: 0, at: 50.5, respawn_after: 10 }, classes: [{ name: 'all', share: 1, cpu: { dist: 'deterministic', mean: 0.8 } }] };
    // In service at 50.5 is the request of 50; those of 51 to 60 find nobody.
    expect(run({ ...alone, pattern: 'reuseport' }).output.lost).toBe(11);
    expect(run({ ...alone, pattern: 'single' }).output.lost).toBe(11);
    expect(run({ ...alone, pattern: 'primary' }).output.lost).toBe(1);
    expect(run({ ...alone, pattern: 'shared-listener' }).output.lost).toBe(1);
  });

  it('sends nothing to the dead: hashing and turns go to those alive', () => {
    const four = { workers: 4, cores: 4, crash: { worker: 2, at: 0.5 } };
    expect(run({ ...four, pattern: 'primary' }).output.per_worker.map((worker) => worker.requests)).toEqual([34, 33, 0, 33]);
    const hashed = run({ ...four, pattern: 'reuseport', requests: 3000 }).output.per_worker.map((worker) => worker.requests);
    expect(hashed[2]).toBe(0);
    for (const id of [0, 1, 3]) expect(Math.abs((hashed[id] ?? 0) - 1000)).toBeLessThan(4 * Math.sqrt(3000 * (2 / 9)));
  });

  it('takes a whole process down where threads share it: all in service, all in the queue, and who comes until it is back', () => {
    const overload = { arrival: { dist: 'deterministic', rate: 3 }, requests: 300, pattern: 'thread-pool', one_process: true };
    const { output, trace } = run(overload);
    // By 50.5, 151 have come and each worker has finished 26; at 3 a unit of time, 30 find nobody.
    expect(at(trace, PATTERNS_KIND.crash)).toEqual([50.5]);
    expect([...events(trace)].find((row) => row.kind === PATTERNS_KIND.crash)?.value).toBe(151 - 2 * 26);
    expect(output.lost).toBe(151 - 2 * 26 + 30);
    expect(at(trace, PATTERNS_KIND.respawn)).toEqual([60.5, 60.5]);
    for (const { requests } of output.per_worker) expect(requests).toBeGreaterThan(50);
    // For ever, where nobody starts it again.
    expect(run({ ...overload, crash: { worker: 1, at: 50.5 } }).output.lost).toBe(300 - 2 * 26);
  });

  it('of a process takes its acceptor and what waits there along', () => {
    const slow = { pattern: 'thread-pool', one_process: true, accept_cost: 2, cores: 4, crash: { worker: 0, at: 50.5 } };
    // One acceptor, 2 a request: by 50.5 it has handed on 24, of which the last is in service; 26 are with it.
    const { trace } = run(slow);
    expect([...events(trace)].find((row) => row.kind === PATTERNS_KIND.crash)?.value).toBe(1 + 26);
  });

  it('of a process takes down all of a primary’s, and every process that serves a connection', () => {
    const crash = { worker: 1, at: 50.5 };
    for (const pattern of ['primary', 'reuseport', 'per-connection', 'shared-listener']) {
      const { output } = run({ pattern, crash, one_process: true });
      expect(output.lost).toBe(100 - output.per_worker.reduce((sum, { requests }) => sum + requests, 0));
      expect(output.lost).toBeGreaterThan(50);
    }
  });

  it('ends what an event loop has in I/O', () => {
    const io = [{ name: 'all', share: 1, cpu: { dist: 'deterministic', mean: 0.1 }, io: { dist: 'deterministic', mean: 20 } }];
    expect(run({ pattern: 'single', classes: io, workers: 1, crash: { worker: 0, at: 50.5, respawn_after: 0 } }).output.lost).toBe(20);
    expect(run({ pattern: 'per-connection', classes: io }).output.lost).toBe(1);
  });
});
