import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intentsOf, standingAfter, type Standing } from '../../../webview/diagram/retries.ts';
import { intentsScene } from '../../../webview/diagram/intentsScene.ts';
import { standingWords } from '../../../webview/diagram/retriesWords.ts';
import type { Mark, Role } from '../../../webview/diagram/scene.ts';
import { retryTrace } from './retriesTrace.ts';
import { outside, overlaps } from './sceneChecks.ts';

const runs = { numRuns: 60 };
const probability = fc.constantFrom(0, 0.2, 0.6);
const scenarios = fc.record({
  intents: fc.constantFrom(1, 3, 20, 30, 80),
  request_loss: probability,
  reply_loss: probability,
  key: fc.boolean(),
  max_attempts: fc.integer({ min: 1, max: 12 }),
  timeout_ms: fc.constantFrom(50, 200),
  service_ms: fc.constantFrom(20, 150),
  seed: fc.nat(),
});
const END = { width: 296, timeNs: Infinity };

/** Its parts by what they are: the words, and the roles of circles and ◆. */
function partsOf({ shapes }: Mark): { readonly words: readonly string[]; readonly circles: readonly Role[]; readonly diamonds: readonly Role[] } {
  return {
    words: shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text] : [])),
    circles: shapes.flatMap(({ kind, role }) => (kind === 'circle' ? [role] : [])),
    diamonds: shapes.flatMap((shape) => (shape.kind === 'path' && shape.closed === true ? [shape.role] : [])),
  };
}

describe('the picture of all intents', () => {
  it('stays inside its width, with no label on another, at every moment', () => {
    fc.assert(
      fc.property(scenarios, fc.integer({ min: 296, max: 700 }), fc.integer({ min: 0, max: 3000 }), fc.boolean(), (scenario, width, ms, twin) => {
        const intents = intentsOf(retryTrace(scenario).trace);
        const expected = twin ? { expected: intentsOf(retryTrace({ ...scenario, seed: scenario.seed + 1 }).trace) } : {};
        const scene = intentsScene(intents, { width, timeNs: ms * 1e6, ...expected });
        expect(outside(scene)).toEqual([]);
        expect(overlaps(scene)).toEqual([]);
        expect(new Set(scene.marks.map(({ id }) => id)).size).toBe(scene.marks.length);
        const more = scene.shapes.flatMap((shape) => (shape.kind === 'text' && shape.text.startsWith('and ') ? [Number(/\d+/.exec(shape.text)?.[0])] : []));
        expect(scene.marks.length + (more[0] ?? 0)).toBe(intents.length);
      }),
      runs,
    );
  });

  it('keeps the words of a cell within its frame', () => {
    fc.assert(
      fc.property(scenarios, fc.integer({ min: 296, max: 700 }), (scenario, width) => {
        for (const mark of intentsScene(intentsOf(retryTrace(scenario).trace), { ...END, width }).marks) {
          const [frame] = mark.shapes;
          const room = frame?.kind === 'rect' ? frame.width : 0;
          expect(outside({ width: room, height: 60, name: '', shapes: [], marks: [{ ...mark, x: 0, y: 0 }] })).toEqual([]);
        }
      }),
      runs,
    );
  });

  it('has a ◆ for each charge and a circle for each attempt, those to come dashed', () => {
    fc.assert(
      fc.property(scenarios, fc.integer({ min: 0, max: 1500 }), (scenario, ms) => {
        // What has no room as marks is told in words; these have.
        const intents = intentsOf(retryTrace({ ...scenario, intents: 20, max_attempts: Math.min(2, scenario.max_attempts) }).trace);
        const { marks } = intentsScene(intents, { width: 296, timeNs: ms * 1e6 });
        intents.forEach(({ rungs }, i) => {
          const now = standingAfter(rungs.filter(({ timeNs }) => timeNs <= ms * 1e6));
          const end = standingAfter(rungs);
          const { circles, diamonds } = partsOf(marks[i] as Mark);
          expect(circles).toEqual(Array.from({ length: end.attempts }, (_, k) => (k < now.attempts ? 'connected' : 'not-started')));
          expect(diamonds).toEqual(Array.from({ length: end.charges }, (_, k) => (k >= now.charges ? 'not-started' : k > 0 ? 'failed' : 'accepted')));
        });
      }),
      runs,
    );
  });

  it('says in words how often an intent was charged, and whether its client knows', () => {
    const words = (change: object): readonly string[] => partsOf(intentsScene(intentsOf(retryTrace({ intents: 1, request_loss: 0, reply_loss: 0, ...change }).trace), END).marks[0] as Mark).words;
    expect(words({})).toEqual(['1', 'once', 'knows']);
    expect(words({ reply_loss: 1, max_attempts: 2 })).toEqual(['1', 'twice', 'gave up']);
    expect(words({ request_loss: 1, max_attempts: 1 })).toEqual(['1', 'no charge', 'gave up']);
    expect(words({ reply_loss: 1, max_attempts: 9 })).toEqual(['1', '×9', '9 times', 'gave up']);
  });

  it('counts what all of its cells show', () => {
    const { trace, charges } = retryTrace({ intents: 20, reply_loss: 0.6 });
    const intents = intentsOf(trace);
    const knows = intents.filter(({ latencyNs }) => latencyNs !== null).length;
    expect(intentsScene(intents, END).name).toBe(`All intents: ${knows} of 20 know, ${20 - knows} gave up; ${charges} charges.`);
  });

  it('stands where the intent that is played stands, also between two events of one time', () => {
    const intents = intentsOf(retryTrace({ intents: 2, request_loss: 0, reply_loss: 0 }).trace);
    const at = (row: number): string[] => intentsScene(intents, { width: 296, timeNs: 20e6, played: { intent: 0, row } }).marks.map(({ name }) => name);
    expect(at(0)).toEqual(['Intent 1: nothing was sent yet; it is the one below.', 'Intent 2: nothing was sent yet.']);
    expect(at(2)).toEqual(['Intent 1: 1 attempt, charged once, and the client does not know yet; it is the one below.', 'Intent 2: 1 attempt, charged once, and the client knows.']);
  });

  it('marks what came to something else than was predicted, and only that', () => {
    const twice: Standing = { attempts: 2, charges: 2, client: 'knows' };
    expect(standingWords(twice)).toBe('2 attempts, charged twice, and the client knows');
    const predicted = intentsOf(retryTrace({ intents: 20, reply_loss: 0.2, key: false }).trace);
    const measured = intentsOf(retryTrace({ intents: 20, reply_loss: 0.2, key: true }).trace);
    const { marks } = intentsScene(measured, { ...END, expected: predicted });
    const differ = marks.filter((mark) => partsOf(mark).words[0]?.endsWith('≠')).map(({ id }) => id);
    expect(differ.length).toBeGreaterThan(0);
    expect(differ).toEqual(predicted.flatMap(({ charges }, i) => (charges === measured[i]?.charges ? [] : [`intent-${i}`])));
    expect(intentsScene(predicted, { ...END, expected: predicted }).marks.some((mark) => mark.name.includes('predicted'))).toBe(false);
  });
});
