import { describe, expect, it } from 'vitest';
import { compare } from '../../../src/labs/compare.ts';
import { lazyTraces, scenarioOf } from '../../../src/labs/parts.ts';
import { labScenario, realScenario, simulateLab } from '../../../src/labs/simulateLab.ts';
import { parseLab, type Lab } from '../../../src/shared/lab.ts';
import type { Machine } from '../../../src/shared/report.ts';
import { TraceBuilder } from '../../../src/shared/trace.ts';

const linux: Machine = { platform: 'linux', release: '6.18', cores: 2, node: '', jiffyMs: 4, kernel: { somaxconn: 4096 } };
const text = { title: 'T', summary: 'S', minutes: 1, prerequisites: [], commands: [], exercises: [], diagram: 'none' };
const arrivals = { kind: 'patterns', pattern: 'single', arrival: { dist: 'deterministic', mean: 1 }, classes: [{ name: 'all', share: 1, cpu: { dist: 'deterministic', mean: 10 } }], requests: 5 };

/** A fork, and beside it a server with five requests of 10 ms each. */
const lab: Lab = parseLab(
  {
    ...text,
    id: 'x',
    version: 1,
    scenario: { kind: 'fork', pages: 8, writes: { count: 8, pattern: 'sequential' } },
    parts: { load: arrivals },
    realOverrides: { '/parts/load/cores': 1 },
    sliders: [{ id: 'requests', label: 'Requests', minimum: 1, maximum: 9, step: 1, default: 5, paths: ['/parts/load/requests'] }],
    presets: [{ id: 'p', title: 'P', description: 'D', values: {} }],
    quantities: [
      { id: 'faults', label: 'Faults', unit: 'pages', metric: { of: 'count', kind: 'fault' }, tolerance: { absolute: 0, source: 's' }, ifNot: 'i' },
      {
        id: 'answered',
        label: 'Answered',
        unit: 'requests',
        part: 'load',
        metric: { of: 'count', kind: 'depart' },
        tolerance: { absolute: 0, source: 's' },
        exposes: { name: 'One fewer', patch: { '/requests': { add: -1 } } },
        ifNot: 'busy',
        needs: ['processors'],
      },
    ],
    predictions: [{ id: 'q', question: 'Q', unit: 'pages', minimum: 0, maximum: 9, answer: 'faults', because: 'B' }],
  },
  'lab.json',
);

function measured(departures: number): { trace: ReturnType<TraceBuilder['build']>; parts: Record<string, ReturnType<TraceBuilder['build']>>; heldUpMs: number } {
  const load = new TraceBuilder('measured', 'patterns');
  for (let i = 0; i < departures; i++) load.add(1e6 * i, 'depart', `request:${i}`, 1);
  return { trace: lazyTraces(labScenario(lab, {}))(), parts: { load: load.build(1e9) }, heldUpMs: 0 };
}

describe('a part of a lab', () => {
  it('has sliders, overrides and findings reach into it, and keeps out of the lab’s own scenario', () => {
    const real = realScenario(lab, { requests: 3 }, linux, { '/parts/load/workers': 2 });
    expect(scenarioOf(real, 'load')).toEqual({ ...arrivals, requests: 3, cores: 1, workers: 2 });
    expect(scenarioOf(real)).toEqual(lab.scenario);
  });

  it('gives the quantities that name it their values', () => {
    expect(simulateLab(lab, { requests: 4 }).quantities.map(({ value }) => value)).toEqual([8, 4]);
  });

  it('is compared by its own traces, and its wrong model changes its own scenario', () => {
    const scenario = realScenario(lab, {}, linux);
    const [faults, answered] = compare(lab, scenario, lazyTraces(scenario)(), measured(5), linux);
    expect(faults).toMatchObject({ predicted: 8, measured: 8, outcome: 'agrees' });
    expect(answered).toMatchObject({ predicted: 5, measured: 5, outcome: 'agrees', wrongModel: { predicted: 4, exposed: true } });
  });

  it('that did not run has no numbers', () => {
    const scenario = realScenario(lab, {}, linux);
    expect(compare(lab, scenario, lazyTraces(scenario)(), { ...measured(5), parts: {} }, linux)[1]).toMatchObject({ predicted: 5, measured: 0, outcome: 'differs' });
  });

  it('is not blamed where other work took the processors, unless it agrees anyway', () => {
    const scenario = realScenario(lab, {}, linux);
    const outcome = (departures: number, lacks: object): unknown => compare(lab, scenario, lazyTraces(scenario)(), { ...measured(departures), lacks }, linux)[1]?.outcome;
    expect(outcome(4, {})).toBe('differs');
    expect(outcome(4, { processors: 'Others took half.' })).toBe('unfit-machine');
    expect(outcome(5, { processors: 'Others took half.' })).toBe('agrees');
  });
});
