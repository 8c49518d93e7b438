import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { events } from '../../../src/shared/trace.ts';
import { eventLoopOf, type LoopState } from '../../../webview/diagram/eventLoop.ts';
import { eventLoopScene } from '../../../webview/diagram/eventLoopScene.ts';
import { describeLoop, loopState, loopTakeaway } from '../../../webview/diagram/eventLoopWords.ts';
import type { Scene } from '../../../webview/diagram/scene.ts';
import { beatMoments } from '../../../webview/player/beatMoments.ts';
import { LOOP_GUTTER, loopScene } from '../../../webview/plot/loopScene.ts';
import { timeScale } from '../../../webview/plot/timeScale.ts';
import { loopTrace, measuredLoop, type Load } from './loopTraces.ts';
import { outside, overlaps } from './sceneChecks.ts';

const BLOCKED: Load = { every: 25, cheaps: 40, heavyMs: 300, heavies: 1, heavyEvery: 400, ioMs: 0 };
const loads: fc.Arbitrary<Load> = fc.record({
  every: fc.constantFrom(5, 10, 25, 100),
  cheaps: fc.constantFrom(1, 2, 40, 100),
  heavyMs: fc.constantFrom(10, 300, 1000),
  heavies: fc.constantFrom(0, 1, 4, 30),
  heavyEvery: fc.constantFrom(25, 400),
  ioMs: fc.constantFrom(0, 50, 200),
  blocking: fc.boolean(),
});
const widths = fc.oneof(fc.constant(296), fc.integer({ min: 296, max: 720 }));
const share = fc.double({ min: 0, max: 1, noNaN: true });
const runs = { numRuns: 60 };

function at(load: Load, ms: number): { state: LoopState; words: string } {
  const trace = loopTrace(load);
  const loop = eventLoopOf(trace);
  const row = trace.timeNs.filter((timeNs) => timeNs <= ms * 1e6).length;
  const state = loop.at(row, ms * 1e6);
  return { state, words: loopState(state, loop) };
}

describe('an event loop', () => {
  it('runs one callback, and keeps who comes meanwhile waiting in order', () => {
    const { state, words } = at(BLOCKED, 200);
    expect(state.running?.request).toMatchObject({ className: 'heavy', index: 5 });
    expect(state.waiting.map(({ request }) => request.index)).toEqual([6, 7, 8]);
    expect(words).toBe('The loop runs heavy #5, for 77 ms so far; 3 requests wait for it, the first for 65 ms, all of them connected already. 5 of 41 answered.');
  });

  it('is idle when there is nothing to run', () => {
    expect(at(BLOCKED, 50).words).toBe('The loop is idle; nobody waits for it. 2 of 41 answered.');
  });

  it('puts those whose I/O is over before those who have just come', () => {
    const { state } = at({ ...BLOCKED, ioMs: 100 }, 300);
    expect(state.waiting.map(({ request, back }) => [request.index, back]).slice(0, 5)).toEqual([[1, true], [2, true], [3, true], [4, true], [6, false]]);
    expect(state.inIo).toEqual([]);
  });

  it('holds those in I/O without running anything', () => {
    const { state, words } = at({ ...BLOCKED, heavies: 0, every: 10, ioMs: 200 }, 205);
    expect(state.inIo).toHaveLength(20);
    expect(state.running).toBeNull();
    expect(words).toContain('20 are in I/O and do not need it.');
  });

  it('waits with its request where calls block', () => {
    const { state, words } = at({ ...BLOCKED, heavies: 0, every: 10, ioMs: 200, blocking: true }, 105);
    expect(state.held?.index).toBe(0);
    expect(words).toContain('The thread waits with cheap #0 for its I/O; 9 requests wait for it');
  });

  it('is held for all of its request’s I/O where calls block, and never else', () => {
    const { holds } = eventLoopOf(loopTrace({ ...BLOCKED, heavies: 0, cheaps: 3, ioMs: 200, blocking: true }));
    expect(holds.map(({ request, fromNs, untilNs }) => [request.index, fromNs / 1e6, untilNs / 1e6])).toEqual([[0, 11, 211], [1, 212.2, 412.2], [2, 413.4, 613.4]]);
    expect(eventLoopOf(loopTrace({ ...BLOCKED, ioMs: 200 })).holds).toEqual([]);
  });

  it('ends a measured turn where the next begins, however late its answer is seen', () => {
    const trace = measuredLoop(loopTrace(BLOCKED));
    const { turns } = eventLoopOf(trace);
    const heavy = turns.find(({ request }) => request.className === 'heavy');
    expect((heavy?.until.timeNs ?? 0) - (heavy?.from.timeNs ?? 0)).toBe(300e6);
  });

  it('has each request in exactly one place at any time', () => {
    fc.assert(
      fc.property(loads, share, fc.boolean(), (load, part, real) => {
        const trace = real ? measuredLoop(loopTrace(load)) : loopTrace(load);
        const loop = eventLoopOf(trace);
        const row = loop.beats[Math.floor(part * (loop.beats.length - 1))] ?? 0;
        const { running, waiting, inIo, answered } = loop.at(row, trace.timeNs[row - 1] ?? 0);
        const come = loop.requests.filter(({ arrive }) => arrive.row < row).length;
        const somewhere = new Set([...waiting.map(({ request }) => request), ...inIo, ...(running ? [running.request] : [])]);
        expect(somewhere.size).toBe(waiting.length + inIo.length + (running ? 1 : 0));
        // A measured answer may be on its way, in neither place.
        if (real) expect(somewhere.size + answered).toBeLessThanOrEqual(come);
        else expect(somewhere.size + answered).toBe(come);
      }),
      runs,
    );
  });
});

describe('the words', () => {
  const takeaway = (load: Load): string => loopTakeaway(eventLoopOf(loopTrace(load)));

  it('name who kept the loop, and how many paid', () => {
    expect(takeaway(BLOCKED)).toBe('Heavy #5 kept the loop for 300 ms, and 12 other requests paid for it: the slowest waited 288 ms before anybody looked at it.');
  });

  it('say where nobody was kept', () => {
    expect(takeaway({ ...BLOCKED, heavies: 0, every: 10, cheaps: 60, ioMs: 200 })).toMatch(/^Nobody waited for the loop: no callback kept it. Up to 20 requests waited for I\/O at once, and kept nobody\.$/);
  });

  it('say where it fell behind', () => {
    expect(takeaway({ ...BLOCKED, heavies: 0, every: 10, ioMs: 50, blocking: true })).toMatch(/^The loop fell behind: up to 1\.\d+ s went by/);
  });

  it('have a sentence for every event', () => {
    const sentences = [...events(loopTrace({ ...BLOCKED, ioMs: 50 }))].map(describeLoop);
    expect(sentences.filter((sentence) => / of (request|worker)/.test(sentence) && !/I\/O of/.test(sentence))).toEqual([]);
    expect(sentences).toContain('Request 5 (heavy) comes: its client calls connect()');
  });
});

function picturesOf(load: Load, part: number, width: number, real: boolean): readonly [Scene, Scene] {
  const trace = real ? measuredLoop(loopTrace(load)) : loopTrace(load);
  const loop = eventLoopOf(trace);
  const moments = beatMoments([{ trace, beats: loop.beats }]);
  const moment = moments[Math.floor(part * (moments.length - 1))];
  const state = loop.at(moment?.rows[0] ?? 0, moment?.timeNs ?? 0);
  const scale = timeScale(moments, 'time', LOOP_GUTTER, width - 8);
  return [eventLoopScene(state, loop, { width, mostWaiting: loop.mostWaiting, mostInIo: loop.mostInIo }), loopScene(loop, { width, scale, mostWaiting: loop.mostWaiting })];
}

describe('the pictures of an event loop', () => {
  it('stay inside their width, with no label on another', () => {
    fc.assert(
      fc.property(loads, share, widths, fc.boolean(), (load, part, width, real) => {
        for (const scene of picturesOf(load, part, width, real)) {
          expect(outside(scene)).toEqual([]);
          expect(overlaps(scene)).toEqual([]);
          expect(new Set(scene.marks.map((mark) => mark.id)).size).toBe(scene.marks.length);
          expect(scene.marks.filter((mark) => mark.name.trim() === '')).toEqual([]);
        }
      }),
      runs,
    );
  });

  it('show every waiting request, or count it', () => {
    fc.assert(
      fc.property(loads, share, widths, (load, part, width) => {
        const [{ marks, name }] = picturesOf(load, part, width, false);
        const shown = marks.filter(({ id }) => /^waiting-\d/.test(id)).length;
        const more = Number(/^([\d,]+) more/.exec(marks.find(({ id }) => id === 'waiting-more')?.name ?? '')?.[1]?.replaceAll(',', '') ?? 0);
        expect(shown + more).toBe(Number(/; ([\d,]+) wait for it/.exec(name)?.[1]?.replaceAll(',', '')));
      }),
      runs,
    );
  });

  it('have a row for each request, or say how many they leave out', () => {
    const few = picturesOf(BLOCKED, 1, 296, false)[1];
    expect(few.marks.filter(({ id }) => id.startsWith('life-'))).toHaveLength(41);
    const many = picturesOf({ ...BLOCKED, cheaps: 100 }, 1, 296, false)[1];
    expect(many.marks.filter(({ id }) => id.startsWith('life-'))).toHaveLength(34);
    expect(many.name).toContain('every 3rd request');
  });
});
