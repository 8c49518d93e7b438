import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FORK_KIND } from '../../../src/shared/forkTrace.ts';
import { parseForkScenario, type ForkOutput, type ForkScenario } from '../../../src/shared/scenario/fork.ts';
import { events } from '../../../src/shared/trace.ts';
import { RandomStream } from '../../../src/sim/engine/random.ts';
import { simulateFork } from '../../../src/sim/memory/simulate.ts';
import { ZipfSampler } from '../../../src/sim/memory/zipf.ts';
import { expectGoldenTrace } from '../../golden/expectGolden.ts';

const outputOf = (fields: Omit<ForkScenario, 'kind'>): ForkOutput => simulateFork(parseForkScenario({ kind: 'fork', ...fields })).output;

/** Mean and variance of the number of pages that `count` independent writes touch, page i with probability p[i]. */
function touched(p: readonly number[], count: number): { mean: number; variance: number } {
  const missed = p.map((each) => (1 - each) ** count);
  const mean = p.length - missed.reduce((sum, each) => sum + each, 0);
  let variance = 0;
  for (let i = 0; i < p.length; i++) {
    for (let j = 0; j < p.length; j++) {
      const [a, b] = [missed[i] as number, missed[j] as number];
      variance += i === j ? a * (1 - a) : (1 - (p[i] as number) - (p[j] as number)) ** count - a * b;
    }
  }
  return { mean, variance };
}

function zipfProbabilities(pages: number, exponent: number): number[] {
  const weights = Array.from({ length: pages }, (_, i) => (i + 1) ** -exponent);
  const sum = weights.reduce((total, each) => total + each, 0);
  return weights.map((each) => each / sum);
}

describe('uniform writes', () => {
  it.each([
    [65536, 100_000],
    [65536, 1000],
    [1000, 5000],
    [1, 3],
  ])('to %i pages touch P·(1 − (1 − 1/P)^w) of them, for w = %i', (pages, count) => {
    const mean = pages * (1 - (1 - 1 / pages) ** count);
    const variance = pages * (pages - 1) * (1 - 2 / pages) ** count + pages * (1 - 1 / pages) ** count - pages ** 2 * (1 - 1 / pages) ** (2 * count);
    const seeds = [1, 2, 3, 4, 5];
    const total = seeds.map((seed) => outputOf({ pages, writes: { count, pattern: 'uniform', seed } }).copied_pages).reduce((sum, each) => sum + each, 0);
    expect(Math.abs(total / seeds.length - mean)).toBeLessThanOrEqual(4 * Math.sqrt(Math.max(0, variance) / seeds.length));
  });
});

describe('zipf writes', () => {
  it.each([0, 0.5, 0.99, 1, 1.2, 2, 5])('with exponent %d touch the expected number of pages', (exponent) => {
    const [pages, count, runs] = [300, 900, 60];
    const { mean, variance } = touched(zipfProbabilities(pages, exponent), count);
    let total = 0;
    for (let seed = 0; seed < runs; seed++) total += outputOf({ pages, writes: { count, pattern: 'zipf', exponent, seed } }).copied_pages;
    expect(Math.abs(total / runs - mean)).toBeLessThanOrEqual(4 * Math.sqrt(variance / runs));
  });

  it.each([0, 0.7, 1, 1.5, 3])('with exponent %d choose each rank in its proportion', (exponent) => {
    const [ranks, draws] = [8, 200_000];
    const sampler = new ZipfSampler(ranks, exponent);
    const stream = new RandomStream(3, 'test');
    const counts = new Array<number>(ranks).fill(0);
    for (let i = 0; i < draws; i++) counts[sampler.rank(stream) - 1]!++;
    for (const [i, p] of zipfProbabilities(ranks, exponent).entries()) {
      expect(Math.abs((counts[i] as number) - draws * p)).toBeLessThanOrEqual(4 * Math.sqrt(draws * p * (1 - p)));
    }
  });

  it('make page 0 the one written most', () => {
    const { trace } = simulateFork(parseForkScenario({ kind: 'fork', pages: 100, writes: { count: 1, pattern: 'zipf', exponent: 20, seed: 1 } }));
    expect([...events(trace)].find(({ kind }) => kind === FORK_KIND.fault)?.value).toBe(0);
  });
});

describe('sequential writes', () => {
  it('touch a page each until they wrap', () => {
    expect(outputOf({ pages: 100, page_bytes: 4096, writes: { count: 60, pattern: 'sequential' } })).toEqual({ copied_pages: 60, shared_pages: 40, extra_bytes: 60 * 4096, faults: 60 });
    expect(outputOf({ pages: 100, writes: { count: 250, pattern: 'sequential' } }).copied_pages).toBe(100);
  });
});

describe('what the kernel did (e-fork-cow.json)', () => {
  interface Smaps {
    readonly Private_Dirty: number;
    readonly Shared_Dirty: number;
  }
  interface Recorded {
    readonly k_percent: number;
    readonly who: 'parent' | 'child';
    readonly thp: number;
    readonly pages: number;
    readonly dirtied_pages: number;
    readonly parent_faults: number;
    readonly child_faults: number;
    readonly parent_end: Smaps;
    readonly child_after_read: Smaps;
    readonly child_end: Smaps;
  }
  const recorded = JSON.parse(readFileSync(new URL('../../conformance/reference/kernel/e-fork-cow.json', import.meta.url), 'utf8')) as Recorded[];
  const writer = (run: Recorded): Smaps => (run.who === 'parent' ? run.parent_end : run.child_end);

  it.each(recorded)('$who dirties $dirtied_pages pages, thp $thp', (run) => {
    const { who, thp } = run;
    const output = outputOf({ pages: run.pages, page_bytes: 4096, writes: { count: run.dirtied_pages, pattern: 'sequential' } });
    expect(output.copied_pages).toBe(run.dirtied_pages);
    expect(output.faults).toBe(who === 'parent' ? run.parent_faults : run.child_faults);
    // Beside the buffer each process has some pages of its own, two of which come and go.
    const expectNear = (kb: number): void => expect(Math.abs(kb - output.extra_bytes / 1024)).toBeLessThanOrEqual(8);
    expectNear(run.child_after_read.Shared_Dirty - run.child_end.Shared_Dirty);
    const none = recorded.find((each) => each.who === who && each.thp === thp && each.k_percent === 0);
    if (none) expectNear(writer(run).Private_Dirty - writer(none).Private_Dirty);
  });
});

describe('any fork', () => {
  const scenarios = fc
    .record({
      pages: fc.integer({ min: 1, max: 300 }),
      page_bytes: fc.constantFrom(1, 4096, 65536),
      children: fc.integer({ min: 1, max: 5 }),
      writes: fc.record({
        count: fc.integer({ min: 0, max: 7000 }),
        pattern: fc.constantFrom('uniform' as const, 'sequential' as const, 'zipf' as const),
        seed: fc.integer(),
        exponent: fc.double({ min: 0, max: 4, noNaN: true }),
      }),
    })
    .map((fields) => parseForkScenario({ kind: 'fork', ...fields }));

  it('splits the pages, copies each once however many children share it, and traces what it says', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const { output, trace } = simulateFork(scenario);
        expect(output.copied_pages + output.shared_pages).toBe(scenario.pages);
        expect(output.faults).toBe(output.copied_pages);
        expect(output.extra_bytes).toBe(output.copied_pages * (scenario.page_bytes ?? 0));
        expect(output.copied_pages).toBeLessThanOrEqual(Math.min(scenario.pages, scenario.writes.count));
        expect(simulateFork({ ...scenario, children: 9 }).output).toEqual(output);

        const rows = [...events(trace)];
        const last = (kind: string): number => rows.filter((row) => row.kind === kind).at(-1)?.value ?? 0;
        expect(last(FORK_KIND.copied)).toBe(output.copied_pages);
        expect(last(FORK_KIND.writes)).toBe(scenario.writes.count);
        const runs = new Map(rows.filter((row) => row.kind === FORK_KIND.copiedPages).map((row) => [row.entity, row.value]));
        expect([...runs.values()].reduce((sum, each) => sum + each, 0)).toBe(output.copied_pages);
        const faults = rows.filter((row) => row.kind === FORK_KIND.fault).map((row) => row.value);
        if (scenario.writes.count <= 5000) expect(new Set(faults).size).toBe(output.copied_pages);
        expect(faults.length).toBe(new Set(faults).size);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a fork scenario', () => {
  const good = { kind: 'fork', pages: 10, writes: { count: 5, pattern: 'uniform', seed: 1 } };

  it('may leave out page size, children and seed, and carry notes', () => {
    expect(() => parseForkScenario({ ...good, id: 'x', title: 't', description: 'd', $schema: 's', writes: { count: 5, pattern: 'uniform' } })).not.toThrow();
  });

  it.each([
    ['pages', { ...good, pages: 0 }],
    ['pages', { ...good, pages: 2.5 }],
    ['pages', { ...good, pages: 1e9 }],
    ['page_bytes', { ...good, page_bytes: 0 }],
    ['children', { ...good, children: 0 }],
    ['writes', { kind: 'fork', pages: 10 }],
    ['writes.count', { ...good, writes: { ...good.writes, count: -1 } }],
    ['writes.count', { ...good, writes: { ...good.writes, count: 1e12 } }],
    ['writes.pattern', { ...good, writes: { ...good.writes, pattern: 'random' } }],
    ['writes.seed', { ...good, writes: { ...good.writes, seed: 'one' } }],
    ['writes.exponent', { ...good, writes: { ...good.writes, pattern: 'zipf' } }],
    ['writes.exponent', { ...good, writes: { ...good.writes, pattern: 'zipf', exponent: -1 } }],
    ['writes.page', { ...good, writes: { ...good.writes, page: 1 } }],
    ['costs.copy_ns', { ...good, costs: { copy_ns: -1 } }],
    ['page', { ...good, page: 4 }],
  ])('names %s where it is wrong', (field, scenario) => {
    expect(() => parseForkScenario(scenario)).toThrow(`"${field}"`);
  });
});

describe('what it costs', () => {
  const scenario = { kind: 'fork', pages: 100, writes: { count: 30, pattern: 'sequential' } };
  const endNs = (costs?: object): number => simulateFork(parseForkScenario({ ...scenario, ...(costs && { costs }) })).trace.durationNs;

  it('is a microsecond a write unless the scenario says', () => {
    expect(endNs()).toBe(30_000);
  });

  it('is fork() for each page, the writes, and the copies of pages', () => {
    expect(endNs({ fork_page_ns: 50, write_ns: 100, copy_ns: 800 })).toBe(100 * 50 + 30 * (100 + 800));
    expect(simulateFork(parseForkScenario({ ...scenario, writes: { count: 300, pattern: 'sequential' }, costs: { write_ns: 100, copy_ns: 800 } })).trace.durationNs).toBe(300 * 100 + 100 * 800);
  });
});

describe('the trace of', () => {
  it('a snapshot with writes to hot pages', () => {
    const scenario: unknown = JSON.parse(readFileSync(new URL('../../fixtures/scenarios/fork/snapshot.json', import.meta.url), 'utf8'));
    expectGoldenTrace('memory/snapshot', simulateFork(parseForkScenario(scenario)).trace);
  });
});
