import { describe, expect, it } from 'vitest';
import { CPU_KIND } from '../../../src/shared/cpuTrace.ts';
import { parseCpuScenario } from '../../../src/shared/scenario/cpu.ts';
import { evaluate } from '../../../src/shared/metric.ts';
import { simulateCpu } from '../../../src/sim/cpu/simulate.ts';
import { outputOf } from './helpers.ts';

const bursts = [{ cpu: 5 }];
const parent = { name: 'parent', memory_kb: 7000, threads: [{ name: 't', count: 4, memory_kb: 11_000, adds: 1000, bursts }] };
const child = { name: 'child', count: 4, memory_kb: 10_000, adds: 1000, bursts };
const scenario = { kind: 'cpu', policy: 'fifo', processes: [parent, child] };

describe('copies of processes and threads', () => {
  it('have numbers', () => {
    const { processes } = parseCpuScenario({ ...scenario, processes: [parent, { name: 'w', count: 2, threads: [{ name: 'a', count: 2, bursts }, { name: 'b', bursts }] }] });
    expect(processes.map(({ name }) => name)).toEqual(['parent', 'w1', 'w2']);
    expect(processes.flatMap(({ threads = [] }) => threads.map(({ name }) => name))).toEqual(['t1', 't2', 't3', 't4', 'w1/a1', 'w1/a2', 'w1/b', 'w2/a1', 'w2/a2', 'w2/b']);
  });

  it('may be none, as long as one thread is left', () => {
    expect(outputOf({ policy: 'fifo', processes: [parent, { ...child, count: 0 }] }).threads.map(({ thread }) => thread)).toEqual(['t1', 't2', 't3', 't4']);
    expect(() => parseCpuScenario({ ...scenario, processes: [{ ...child, count: 0 }] })).toThrow('"processes" must have 1 to 256 threads in all (found 0)');
  });

  it('run as if they had been written one by one', () => {
    const one = (name: string): object => ({ name, bursts });
    const written = { kind: 'cpu', policy: 'round-robin', quantum: 2, processes: [{ name: 'p', threads: [one('t1'), one('t2')] }, one('c1'), one('c2')] };
    const counted = { ...written, processes: [{ name: 'p', threads: [{ name: 't', count: 2, bursts }] }, { name: 'c', count: 2, bursts }] };
    expect(simulateCpu(parseCpuScenario(counted))).toEqual(simulateCpu(parseCpuScenario(written)));
  });
});

describe('the counter of a process', () => {
  it('is added to by its own threads, and by nobody else’s', () => {
    const { counters } = outputOf({ policy: 'fifo', processes: [parent, child] });
    expect(counters).toEqual([{ process: 'parent', counter: 4000 }, ...[1, 2, 3, 4].map((n) => ({ process: `child${n}`, counter: 1000 }))]);
  });

  it('is one for those who share memory', () => {
    const { counters } = outputOf({ policy: 'fifo', processes: [parent, { ...child, shares_memory_of: 'parent' }] });
    expect(new Set(counters?.map(({ counter }) => counter))).toEqual(new Set([8000]));
  });

  it('grows in the trace as threads end, and is not told of where nobody adds', () => {
    const { trace } = simulateCpu(parseCpuScenario(scenario));
    expect(evaluate({ of: 'at', kind: CPU_KIND.counter, entity: 'process:parent', atMs: 12 }, trace)).toBe(2000);
    expect(evaluate({ of: 'last', kind: CPU_KIND.counter, entity: 'process:parent' }, trace)).toBe(4000);
    expect(outputOf({ policy: 'fifo', processes: [{ name: 'A', bursts }] })).not.toHaveProperty('counters');
  });
});

describe('memory', () => {
  it('is what each process takes, and each thread besides', () => {
    const { trace } = simulateCpu(parseCpuScenario(scenario));
    const taken = (entity: string): number | null => evaluate({ of: 'sum', kind: CPU_KIND.memory, entity }, trace);
    expect([taken('process:parent'), taken('thread:t*'), taken('process:child*'), taken('thread:child*')]).toEqual([7000, 44_000, 40_000, null]);
  });
});

describe('a scenario is refused', () => {
  it.each([
    ['processes.0.adds', [{ ...parent, adds: 1 }]],
    ['processes.1.shares_memory_of', [parent, { ...child, shares_memory_of: 'nobody' }]],
    ['processes.0.shares_memory_of', [{ ...parent, shares_memory_of: 'parent' }]],
    ['processes.1', [parent, { name: 't', count: 1, bursts }]],
  ])('for its %s', (field, processes) => {
    expect(() => parseCpuScenario({ ...scenario, processes })).toThrow(`"${field}"`);
  });
});
