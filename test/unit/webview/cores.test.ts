import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { events } from '../../../src/shared/trace.ts';
import { coresOf, readingOf, stateOf, type Cores } from '../../../webview/diagram/cores.ts';
import { coresScene } from '../../../webview/diagram/coresScene.ts';
import { coresState, coresTakeaway, describeCpu, waitOf } from '../../../webview/diagram/coresWords.ts';
import type { Scene } from '../../../webview/diagram/scene.ts';
import { beatMoments } from '../../../webview/player/beatMoments.ts';
import { coresPlotScene, gutterOf } from '../../../webview/plot/coresPlotScene.ts';
import { timeScale } from '../../../webview/plot/timeScale.ts';
import { familyTrace, measuredFamily, type Family } from './schedulingTrace.ts';
import { outside, overlaps } from './sceneChecks.ts';

const FOUR: Family = { threads: 4, children: 4, cores: 1, quantum: 4, longMs: 200, shortMs: 20, ioMs: 0, adds: 1000, policy: 'fair', name: 't' };
const families: fc.Arbitrary<Family> = fc.record({
  threads: fc.integer({ min: 0, max: 30 }),
  children: fc.integer({ min: 0, max: 30 }),
  cores: fc.constantFrom(1, 2, 8, 13),
  quantum: fc.constantFrom(1, 4, 50),
  longMs: fc.constantFrom(1, 200),
  shortMs: fc.constantFrom(1, 20),
  ioMs: fc.constantFrom(0, 30),
  adds: fc.constantFrom(0, 1000, 1_000_000),
  policy: fc.constantFrom('fair' as const, 'fifo' as const, 'round-robin' as const),
  name: fc.constantFrom('t', 'a thread with a name that has no room'),
});
const widths = fc.oneof(fc.constant(296), fc.integer({ min: 296, max: 1200 }));
const share = fc.double({ min: 0, max: 1, noNaN: true });
const runs = { numRuns: 80 };

const thread = (cores: Cores, name: string): Cores['threads'][number] => cores.threads.find((one) => one.name === name) ?? expect.fail(`There is no thread ${name}.`);

describe('what the cores did', () => {
  const cores = coresOf(familyTrace(FOUR));

  it('has each process with its threads and its memory', () => {
    expect(cores.processes.map(({ name, threads }) => [name, threads.map((one) => one.name).join(' ')])).toEqual([['parent', 'long t1 t2 t3 t4'], ...[1, 2, 3, 4].map((n) => [`child${n}`, `child${n}`])]);
    expect(cores.processes.map(({ memoryKb }) => memoryKb)).toEqual([66_000, 10_000, 10_000, 10_000, 10_000]);
    expect(coresOf(measuredFamily(familyTrace(FOUR))).processes[1]).toMatchObject({ name: 'child1', pid: 1_234_520, memoryKb: 10_000 });
  });

  it('tells of each thread whether it runs, is ready, or is done', () => {
    expect(stateOf(thread(cores, 'long'), 2e6)).toMatchObject({ state: 'running', core: 0 });
    expect(stateOf(thread(cores, 't1'), 2e6)).toMatchObject({ state: 'ready' });
    expect(stateOf(thread(cores, 't1'), 6e6)).toMatchObject({ state: 'running' });
    expect(stateOf(thread(cores, 't1'), 300e6)).toBe('done');
  });

  it('tells of those that sleep', () => {
    const waiting = coresOf(familyTrace({ ...FOUR, threads: 1, children: 0, longMs: 1, ioMs: 30 }));
    expect(stateOf(thread(waiting, 't1'), 25e6)).toMatchObject({ state: 'asleep' });
  });

  it('has each process read what its own threads have added so far', () => {
    const [parent, child] = cores.processes;
    if (!parent || !child) expect.fail('There are no processes.');
    expect([readingOf(parent, 0), readingOf(parent, 360e6), readingOf(child, 360e6)]).toEqual([0, 4000, 1000]);
  });

  it('accounts for all of a thread’s time', () => {
    fc.assert(
      fc.property(families, (family) => {
        for (const { spans, arriveNs, finishNs } of coresOf(familyTrace(family)).threads) {
          expect(spans.reduce((sum, { fromNs, toNs }) => sum + toNs - fromNs, 0)).toBeCloseTo((finishNs ?? NaN) - arriveNs, 0);
          spans.slice(1).forEach((span, i) => expect(span.fromNs).toBe(spans[i]?.toNs));
        }
      }),
      runs,
    );
  });

  it('adds up waiting from being ready', () => {
    expect(waitOf(thread(cores, 'long'))).toBeCloseTo(160e6, -3);
  });
});

describe('the words', () => {
  it('say who runs and how many are ready', () => {
    expect(coresState(coresOf(familyTrace(FOUR)), 2e6)).toBe('The core runs long; 8 threads ready, 0 done. In parent, x is 0.');
  });

  it('say what it came to, and who reads what', () => {
    expect(coresTakeaway(coresOf(familyTrace(FOUR)))).toMatch(/^9 threads of 5 processes on 1 core: all done after 360 ms; each waited 1\d\d ms .* 4,000 in parent, 1,000 in child1, 1,000 in child2, and so on\.$/);
    expect(coresTakeaway(coresOf(familyTrace({ ...FOUR, adds: 0 })))).not.toContain('x');
  });

  it('have a sentence for every event', () => {
    const sentences = [...events(familyTrace({ ...FOUR, ioMs: 30 }))].map(describeCpu);
    expect(sentences.filter((sentence) => / of (thread|core|process|run-queue):?/.test(sentence))).toEqual([]);
    expect(sentences).toContain('In the memory of child2, x is 1,000');
  });
});

function picturesOf(family: Family, part: number, width: number, real: boolean): readonly [Scene, Scene] {
  const trace = real ? measuredFamily(familyTrace(family)) : familyTrace(family);
  const cores = coresOf(trace);
  const moments = beatMoments([{ trace, beats: cores.beats }]);
  const moment = moments[Math.floor(part * (moments.length - 1))];
  const scale = timeScale(moments, 'time', gutterOf([cores]), width - 8);
  return [coresScene(cores, { width, timeNs: moment?.timeNs ?? 0 }), coresPlotScene(cores, { width, scale, longestQueue: cores.longestQueue })];
}

describe('the pictures of the cores', () => {
  it('stay inside their width, with no label on another', () => {
    fc.assert(
      fc.property(families, share, widths, fc.boolean(), (family, part, width, real) => {
        for (const scene of picturesOf(family, part, width, real)) {
          expect(outside(scene)).toEqual([]);
          expect(overlaps(scene)).toEqual([]);
          expect(new Set(scene.marks.map((mark) => mark.id)).size).toBe(scene.marks.length);
          expect(scene.marks.filter((mark) => mark.name.trim() === '')).toEqual([]);
        }
      }),
      runs,
    );
  });

  it('show every ready thread, or count it', () => {
    fc.assert(
      fc.property(families, share, widths, (family, part, width) => {
        const [{ marks, shapes }] = picturesOf(family, part, width, false);
        const ready = marks.filter(({ id }) => id.startsWith('ready-'));
        const more = ready.find(({ id }) => id.endsWith('-more'));
        const hidden = Number(/^([\d,]+) more/.exec(more?.name ?? '')?.[1] ?? 0);
        const said = shapes.find((shape) => shape.kind === 'text' && shape.text.startsWith('run queue'));
        expect(ready.length - (more ? 1 : 0) + hidden).toBe(Number(/: (\d+) ready/.exec(said?.kind === 'text' ? said.text : '')?.[1]));
      }),
      runs,
    );
  });

  it('keep their height as they play, so that nothing below them jumps', () => {
    const heights = [0, 0.2, 0.5, 0.9, 1].map((part) => picturesOf(FOUR, part, 296, false)[0].height);
    expect(new Set(heights).size).toBe(1);
  });

  it('have a row for each thread, or say how many they leave out', () => {
    expect(picturesOf(FOUR, 1, 296, false)[1].marks.filter(({ id }) => id.startsWith('row-'))).toHaveLength(9);
    expect(picturesOf({ ...FOUR, threads: 30 }, 1, 296, false)[1].name).toContain('24 of 35 threads');
  });
});
