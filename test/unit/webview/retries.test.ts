import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intentCount, intentTrace, retriesOf } from '../../../webview/diagram/retries.ts';
import { retriesScene } from '../../../webview/diagram/retriesScene.ts';
import { describeRetry, intentLabel, retriesState, retriesTakeaway } from '../../../webview/diagram/retriesWords.ts';
import { events } from '../../../src/shared/trace.ts';
import { ladderMoments } from '../../../webview/player/ladderMoments.ts';
import { busiestIntent, retryTrace } from './retriesTrace.ts';
import { outside, overlaps } from './sceneChecks.ts';

const runs = { numRuns: 60 };
const probability = fc.constantFrom(0, 0.2, 0.6);
const scenarios = fc.record({
  request_loss: probability,
  reply_loss: probability,
  crash_before_reply: probability,
  store_survives_crash: fc.boolean(),
  key: fc.boolean(),
  key_recorded: fc.constantFrom('on-arrival', 'with-reply'),
  max_attempts: fc.integer({ min: 1, max: 6 }),
  timeout_ms: fc.constantFrom(50, 200),
  service_ms: fc.constantFrom(0, 20, 150),
  backoff: fc.constantFrom({ base_ms: 0, factor: 1, jitter: 'none' }, { base_ms: 50, factor: 2, jitter: 'full' }),
  seed: fc.nat(),
});
const widths = fc.oneof(fc.constant(296), fc.integer({ min: 296, max: 900 }));
const axes = fc.constantFrom('events' as const, 'time' as const);

describe('one intent of a trace', () => {
  it('has all charges and all attempts, and those of the others make up the run', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const { trace, charges } = retryTrace(scenario);
        const all = Array.from({ length: intentCount(trace) }, (_, intent) => retriesOf(intentTrace(trace, intent)));
        expect(all).toHaveLength(12);
        expect(all.reduce((sum, each) => sum + each.charges, 0)).toBe(charges);
        for (const each of all) expect(each.latencyNs === null).toBe(each.rungs.some(({ kind }) => kind === 'give-up'));
      }),
      runs,
    );
  });

  it('tells what the table of keys holds, step by step', () => {
    const entries = (change: object): string[] => busiestIntent({ intents: 1, request_loss: 0, ...change }).told.rungs.map(({ kind, entry }) => `${kind} ${entry}`);
    expect(entries({ reply_loss: 1, max_attempts: 1 })).toEqual(['attempt no-key', 'charge no-key', 'reply-lost no-key', 'timeout no-key', 'give-up no-key']);
    expect(entries({ reply_loss: 0, key: true })).toEqual(['attempt at-work', 'charge reply', 'answered reply']);
    expect(entries({ reply_loss: 0, key: true, key_recorded: 'with-reply' })).toEqual(['attempt empty', 'charge reply', 'answered reply']);
    expect(entries({ key: true, crash_before_reply: 1, store_survives_crash: false, max_attempts: 1 })).toContain('crash forgotten');
    expect(entries({ key: true, crash_before_reply: 1, store_survives_crash: true, max_attempts: 1 })).toContain('crash reply');
    expect(entries({ request_loss: 1, key: true, max_attempts: 1 })[0]).toBe('attempt empty');
  });

  it('is said in words', () => {
    const { trace } = retryTrace({ intents: 2, request_loss: 0, reply_loss: 1, max_attempts: 2 });
    expect(retriesTakeaway(trace)).toBe('2 things to buy, 4 charges: 2 charged more than once, 2 charged and told that it failed.');
    const told = retriesOf(intentTrace(trace, 1));
    expect(intentLabel(1, told)).toBe('2: charged twice, gives up, 2 attempts');
    expect(retriesState(told, 0)).toBe('Nothing has happened yet.');
    expect(retriesState(told, Infinity)).toMatch(/gives up, although it was charged\. So far: charged twice\.$/);
    expect([...events(trace)].map(describeRetry)).not.toContain('');
    expect(retriesTakeaway(retryTrace({ request_loss: 0, reply_loss: 0 }).trace)).toBe('12 things to buy, 12 charges: nobody is charged twice.');
  });
});

describe('the retries’ picture', () => {
  it('stays inside its width, with no label on another, at every moment', () => {
    fc.assert(
      fc.property(scenarios, widths, axes, fc.double({ min: 0, max: 1, noNaN: true }), (scenario, width, axis, share) => {
        const { intent, trace, told } = busiestIntent(scenario);
        const scene = retriesScene(told, { width, intent, axis, row: Math.round(share * trace.timeNs.length) });
        expect(outside(scene)).toEqual([]);
        expect(overlaps(scene)).toEqual([]);
        expect(new Set(scene.marks.map((mark) => mark.id)).size).toBe(scene.marks.length);
        expect(scene.marks.filter((mark) => mark.name.trim() === '')).toEqual([]);
      }),
      runs,
    );
  });

  it('has a ◆ for each charge, and a second one looks different', () => {
    fc.assert(
      fc.property(scenarios, (scenario) => {
        const { intent, told } = busiestIntent(scenario);
        const { marks } = retriesScene(told, { width: 296, intent, axis: 'events', row: Infinity });
        const diamonds = marks.flatMap(({ shapes }) => shapes.filter((shape) => shape.kind === 'path' && shape.closed === true && shape.points.length === 4).map(({ role }) => role));
        expect(diamonds).toEqual(Array.from({ length: told.charges }, (_, i) => (i === 0 ? 'accepted' : 'failed')));
      }),
      runs,
    );
  });

  it('can be stepped through rung by rung', () => {
    const { trace, told } = busiestIntent({ reply_loss: 0.6 });
    const moments = ladderMoments([{ trace, ladder: told }]);
    expect(moments).toHaveLength(told.rungs.length + 1);
    expect(moments.at(-1)?.rows[0]).toBe(told.rungs.at(-1)?.row);
  });
});
