import { describe, expect, it } from 'vitest';
import { parseBackendsScenario } from '../../../src/shared/scenario/backends.ts';
import { parsePatternsScenario } from '../../../src/shared/scenario/patterns.ts';
import { events } from '../../../src/shared/trace.ts';
import { simulateBackends } from '../../../src/sim/patterns/backends.ts';
import { simulatePatterns } from '../../../src/sim/patterns/simulate.ts';

const common = {
  cores: 2,
  workers: 3,
  arrival: { dist: 'exponential', rate: 0.1 },
  classes: [{ name: 'all', share: 1, cpu: { dist: 'exponential', mean: 8 }, io: { dist: 'exponential', mean: 20 } }],
  requests: 60,
  crash: { worker: 0, at: 200, respawn_after: 0 },
};
const scenario = {
  kind: 'backends',
  common,
  backends: [
    { id: 'one', title: 'One thread', settings: { pattern: 'single' } },
    { id: 'web', title: 'NGINX', system: 'nginx', settings: { workers: 2, crash: null } },
    { id: 'db', title: 'PostgreSQL', system: 'postgresql', settings: { spawn_cost: 3 } },
  ],
};

describe('several servers under one load', () => {
  it('are each what they are alone, with names of their own', () => {
    const { output, trace } = simulateBackends(parseBackendsScenario(scenario));
    const alone = simulatePatterns(parsePatternsScenario({ kind: 'patterns', ...common, pattern: 'single' }));
    expect(output.backends[0]).toEqual({ id: 'one', title: 'One thread', ...alone.output });
    const own = [...events(trace)].filter(({ entity, kind }) => entity.startsWith('one/') && kind !== 'backend').map((row) => ({ ...row, entity: row.entity.slice('one/'.length) }));
    expect(own).toEqual([...events(alone.trace)]);
    expect(trace.durationNs).toBe(Math.max(...trace.timeNs));
    expect(trace.timeNs.every((time, i) => i === 0 || time >= (trace.timeNs[i - 1] as number))).toBe(true);
  });

  it('say first who they are and with how many workers', () => {
    const { trace } = simulateBackends(parseBackendsScenario(scenario));
    expect([...events(trace)].slice(0, 3).map(({ kind, entity, value, detail }) => [kind, entity, value, detail])).toEqual([
      ['backend', 'one/server', 1, { title: 'One thread', pattern: 'single' }],
      ['backend', 'web/server', 2, { title: 'NGINX', pattern: 'shared-listener' }],
      ['backend', 'db/server', 0, { title: 'PostgreSQL', pattern: 'per-connection' }],
    ]);
  });

  it('take a system’s settings over the common ones, and their own over both; null is none', () => {
    const crashed = [...events(simulateBackends(parseBackendsScenario(scenario)).trace)].filter(({ kind }) => kind === 'crash').map(({ entity }) => entity);
    expect(crashed).toEqual(['one/worker:0', 'db/worker:0']);
  });

  it('are refused in a sentence that says which and why', () => {
    const refusal = (change: object): string => {
      try {
        simulateBackends(parseBackendsScenario({ ...scenario, ...change }));
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    };
    const [one, web] = scenario.backends;
    expect(refusal({ backends: [{ ...web, system: 'iis' }] })).toMatch(/^Of the backend "web": "system" must be one of node, .*sql-server \(found "iis"\)\.$/);
    expect(refusal({ backends: [{ ...one, settings: { pattern: 'single', workers: 0 } }] })).toMatch(/^Of the backend "one": In this patterns scenario, "workers" must be/);
    expect(refusal({ backends: [one, one] })).toBe('In this backends scenario, "backends.1.id" must differ from the others\' (found "one" twice).');
    expect(refusal({ backends: [] })).toMatch(/"backends" must/);
  });
});
