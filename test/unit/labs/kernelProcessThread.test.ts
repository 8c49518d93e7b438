import { beforeAll, describe, expect, it } from 'vitest';
import { loadCatalog } from '../../../src/catalog/catalog.ts';
import { realScenario, simulateLab } from '../../../src/labs/simulateLab.ts';
import { simulateScenario } from '../../../src/labs/simulateScenario.ts';
import { CPU_KIND } from '../../../src/shared/cpuTrace.ts';
import type { Lab } from '../../../src/shared/lab.ts';
import { evaluate, type Metric } from '../../../src/shared/metric.ts';
import type { Machine } from '../../../src/shared/report.ts';

const MAC: Machine = { platform: 'darwin', release: '', cores: 8, node: '', jiffyMs: 4, kernel: {} };
let lab: Lab;
beforeAll(async () => {
  lab = (await loadCatalog(['labs'])).labs.find((folder) => folder.lab.id === '01-kernel-process-thread')?.lab ?? expect.fail('There is no lab 01.');
});

const valuesOf = (preset: string): Readonly<Record<string, number>> => lab.presets.find(({ id }) => id === preset)?.values ?? expect.fail(`There is no preset ${preset}.`);
const quantity = (preset: string, id: string): number | null => simulateLab(lab, valuesOf(preset)).quantities.find((one) => one.id === id)?.value ?? null;
const measure = (preset: string, metric: Metric): number | null => evaluate(metric, simulateLab(lab, valuesOf(preset)).trace);

describe('what lab 01 says of its presets', () => {
  it('four threads, four processes: they are done together, and the parent reads what its threads added', () => {
    expect(quantity('four-and-four', 'parent-reads')).toBe(4000);
    expect(quantity('four-and-four', 'child-reads')).toBe(1000);
    expect(quantity('four-and-four', 'threads-done')).toBeCloseTo(9 * 20, -1.5);
    expect(quantity('four-and-four', 'processes-done')).toBeCloseTo(9 * 20, -1.5);
  });

  it('each to its end: the short ones wait 200 ms before the first of them begins', () => {
    expect(measure('to-the-end', { of: 'firstMs', kind: CPU_KIND.dispatch, where: { thread: 't1' } })).toBe(200);
    expect(measure('to-the-end', { of: 'lastMs', kind: CPU_KIND.finish })).toBe(360);
  });

  it('eight processes: done as before, and the parent’s x stays 0', () => {
    expect(quantity('processes-only', 'processes-done')).toBe(quantity('four-and-four', 'processes-done'));
    expect(quantity('processes-only', 'parent-reads')).toBe(0);
  });

  it('four cores: the short ones are done four times as soon, the long one needs its 200 ms and more', () => {
    expect(quantity('four-cores', 'threads-done')).toBeCloseTo((quantity('four-and-four', 'threads-done') ?? 0) / 4, -1);
    expect(measure('four-cores', { of: 'last', kind: CPU_KIND.finish, entity: 'thread:long', per: 1e6 })).toBeGreaterThan(200);
  });

  it('threads that wait: the long one is held up by 40 ms', () => {
    expect(measure('waiting', { of: 'last', kind: CPU_KIND.finish, entity: 'thread:long', per: 1e6 })).toBe(140);
  });

  it('switches that cost: 360 ms of work take 640, and while all take turns most of it is switching', () => {
    expect(measure('dear-switches', { of: 'lastMs', kind: CPU_KIND.finish })).toBe(640);
    const allTakeTurns = { toMs: quantity('dear-switches', 'threads-done') ?? 0 };
    const switching = measure('dear-switches', { of: 'sum', kind: CPU_KIND.switch, ...allTakeTurns, per: 1e6 }) ?? 0;
    expect(switching).toBeGreaterThan(allTakeTurns.toMs / 2);
  });
});

describe('the prediction beside lab 01’s measurement', () => {
  it('reckons with what one process and one thread cost here, and with the cores that were had', () => {
    const scenario = realScenario(lab, { policy: 2, work: 1 }, MAC, { '/cores': 8, '/processes/1/memory_kb': 20_480, '/processes/0/threads/1/memory_kb': 2048 });
    const { trace } = simulateScenario(scenario);
    const value = (id: string): number | null => evaluate(lab.quantities.find((one) => one.id === id)?.metric ?? expect.fail(`There is no quantity ${id}.`), trace);
    expect([value('processes-take'), value('threads-take')]).toEqual([80, 8]);
    expect(value('threads-done')).toBeLessThan(30);
    expect(scenario).toMatchObject({ policy: 'fair' });
  });
});
