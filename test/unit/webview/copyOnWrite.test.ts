import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ForkScenario } from '../../../src/shared/scenario/fork.ts';
import { TraceBuilder, type Trace } from '../../../src/shared/trace.ts';
import { simulateFork } from '../../../src/sim/memory/simulate.ts';
import { copyOnWriteOf } from '../../../webview/diagram/copyOnWrite.ts';
import { copyOnWriteScene } from '../../../webview/diagram/copyOnWriteScene.ts';
import { copyState, copyTakeaway } from '../../../webview/diagram/copyOnWriteWords.ts';
import { copyMoments } from '../../../webview/player/copyOnWritePlayer.tsx';
import { outside, overlaps } from './sceneChecks.ts';

const scenarios: fc.Arbitrary<ForkScenario> = fc.record({
  kind: fc.constant('fork' as const),
  pages: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 21, max: 300_000 })),
  page_bytes: fc.constantFrom(4096, 65_536),
  children: fc.constantFrom(1, 8),
  writes: fc.record({ count: fc.integer({ min: 0, max: 3000 }), pattern: fc.constantFrom('uniform' as const, 'sequential' as const, 'zipf' as const), exponent: fc.constant(1), seed: fc.integer({ min: 1, max: 9 }) }),
});
const runs = { numRuns: 60 };
const share = fc.double({ min: 0, max: 1, noNaN: true });
const traceOf = (scenario: Partial<ForkScenario>): Trace => simulateFork({ kind: 'fork', pages: 12, writes: { count: 14, pattern: 'sequential' }, ...scenario }).trace;

/** What a run can tell: counts now and then, with the clock of their own, and of pages nothing or all. */
function measured({ pages, writes }: ForkScenario, seesPages: boolean): Trace {
  const builder = new TraceBuilder('measured', 'fork');
  builder.add(0, 'fork', 'parent', pages, { children: 1, pageBytes: 4096, writes: writes.count });
  for (let part = 1; part <= 4; part++) {
    const done = Math.floor((writes.count * part) / 4);
    const add = (kind: string, entity: string, value: number): void => builder.add(part * 50e6 + builder.build(0).timeNs.length, kind, entity, value);
    add('writes', 'parent', done);
    add('faults', 'parent', done);
    add('copied', 'memory', Math.min(done, pages));
    add('extra', 'memory', done * 4096 - 1);
    if (seesPages) add('copied-pages', `pages:0-${pages - 1}`, Math.min(done, pages));
  }
  return builder.build(300e6);
}

describe('shared memory, read from a trace', () => {
  it('is told write by write', () => {
    const cow = copyOnWriteOf(traceOf({}));
    expect(cow.beats.map(({ writes }) => writes)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
    expect(cow.at(0)).toMatchObject({ forked: false });
    expect(cow.at(cow.beats[3]?.rows ?? 0)).toMatchObject({ forked: true, writes: 3, copied: 3, extraBytes: 3 * 4096, newest: { page: 2, copies: true } });
    expect(cow.at(Infinity)).toMatchObject({ writes: 14, faults: 12, copied: 12, newest: { page: 1, copies: false } });
  });

  it('has every page in one run, also where nobody wrote', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const cow = copyOnWriteOf(traceOf(scenario));
        expect(cow.runs[0]?.first).toBe(0);
        expect(cow.runs.at(-1)?.last).toBe(scenario.pages - 1);
        for (const [i, { first }] of cow.runs.entries()) if (i > 0) expect(first).toBe((cow.runs[i - 1]?.last ?? NaN) + 1);
        const end = cow.at(Infinity);
        expect(end.copiedOf.reduce((sum, count) => sum + count, 0)).toBe(end.copied);
      }),
      runs,
    );
  });

  it('is one run of all pages where a measurement could not look at them', () => {
    const cow = copyOnWriteOf(measured({ kind: 'fork', pages: 100, writes: { count: 40, pattern: 'uniform' } }, false));
    expect(cow.runs).toEqual([{ first: 0, last: 99 }]);
    expect(cow.at(Infinity).copiedOf).toEqual([40]);
  });

  it('goes side by side with its measurement by the number of writes', () => {
    const scenario: ForkScenario = { kind: 'fork', pages: 5000, writes: { count: 1000, pattern: 'uniform' } };
    const [simulated, real] = [traceOf(scenario), measured(scenario, true)];
    const sides = [simulated, real].map((trace, i) => ({ title: String(i), trace, cow: copyOnWriteOf(trace) }));
    for (const { rows } of copyMoments(sides)) {
      const [a, b] = sides.map(({ cow }, i) => cow.at(rows[i] ?? 0).writes) as [number, number];
      expect(b).toBeLessThanOrEqual(a);
      expect(a - b).toBeLessThan(250);
    }
    expect(copyMoments(sides).at(-1)?.rows[1]).toBe(real.timeNs.length);
  });

  it('is nothing where nothing was measured', () => {
    const cow = copyOnWriteOf(new TraceBuilder('measured', 'fork').build(0));
    expect(copyState(cow.at(Infinity), cow, 0)).toBe('Nothing that could fork was measured here.');
    expect(copyOnWriteScene(cow.at(Infinity), cow, { width: 296 }).marks).toEqual([]);
  });
});

describe('the words', () => {
  it('say what a step did', () => {
    const cow = copyOnWriteOf(traceOf({}));
    const at = (beat: number): string => copyState(cow.at(cow.beats[beat]?.rows ?? 0), cow, 2000);
    expect(at(0)).toContain('fork() has returned. The page table is copied, 12 entries, and no page');
    expect(at(1)).toContain('write 1 goes to page 0, which is shared: a fault, a copy, and the parent’s pointer moves');
    expect(at(13)).toContain('write 13 goes to page 0, of which the parent has its own copy: no fault');
    expect(copyTakeaway(cow)).toBe('14 writes copy 12 of 12 pages: the memory has doubled.');
  });
});

describe('the copy-on-write picture', () => {
  it('stays inside its width, with no label on another, and names every mark once', () => {
    fc.assert(
      fc.property(scenarios, share, fc.oneof(fc.constant(296), fc.integer({ min: 296, max: 900 })), (scenario, part, width) => {
        const cow = copyOnWriteOf(traceOf(scenario));
        const scene = copyOnWriteScene(cow.at(cow.beats[Math.floor(part * (cow.beats.length - 1))]?.rows ?? 0), cow, { width });
        expect(outside(scene)).toEqual([]);
        expect(overlaps(scene)).toEqual([]);
        expect(new Set(scene.marks.map(({ id }) => id)).size).toBe(scene.marks.length);
      }),
      runs,
    );
  });

  it('counts every copied page in a row', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const cow = copyOnWriteOf(traceOf(scenario));
        const { marks } = copyOnWriteScene(cow.at(Infinity), cow, { width: 296 });
        const told = marks.filter(({ id }) => id.startsWith('pages-')).map(({ name }) => (/: copied\./.test(name) ? 1 : Number((/: ([\d,]+) copied/.exec(name)?.[1] ?? '0').replaceAll(',', ''))));
        expect(told.reduce((sum, count) => sum + count, 0)).toBe(cow.at(Infinity).copied);
        expect(told.length).toBeLessThanOrEqual(16);
      }),
      runs,
    );
  });

  it('shows a shared frame with how many share it and a lock, and a copied one without', () => {
    const cow = copyOnWriteOf(traceOf({ children: 3 }));
    const roles = (beat: number): string[] => (copyOnWriteScene(cow.at(cow.beats[beat]?.rows ?? 0), cow, { width: 296 }).marks.find(({ id }) => id === 'pages-0')?.shapes ?? []).map((shape) => (shape.kind === 'text' ? shape.text : shape.role));
    expect(roles(0)).toEqual(expect.arrayContaining(['×4', 'lock', 'bytes-flying']));
    expect(roles(1)).toEqual(expect.arrayContaining(['copy', 'bytes-waiting', '×3', 'ghost']));
    expect(roles(1)).not.toContain('bytes-flying');
    expect(roles(2)).not.toContain('ghost');
  });
});
