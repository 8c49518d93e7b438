import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Simulator } from '../../../src/sim/engine/simulator.ts';
import { ReferenceSimulator } from './referenceSimulator.ts';

interface Step {
  readonly act: 'schedule' | 'cancel' | 'run' | 'count';
  readonly a: number;
  readonly b: number;
}

/** Delays whose spacing differs by orders of magnitude, with ties, sums that round, and the present itself. */
const delays = fc.oneof(
  fc.constantFrom(0, 0, 1, 1, 2, 0.1, 200e6, 40e6),
  fc.nat(5),
  fc.integer({ min: 0, max: 2 ** 40 }),
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: 0, max: 1e12, noNaN: true }),
  fc.integer({ min: -60, max: 60 }).map((exponent) => 2 ** exponent),
);

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ act: fc.constant('schedule' as const), a: delays, b: fc.nat(3) }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('cancel' as const), a: fc.nat(), b: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('run' as const), a: delays, b: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('count' as const), a: fc.nat(60), b: fc.nat() }) },
);

type Engine = Pick<Simulator, 'now' | 'schedule' | 'cancel' | 'run' | 'pending' | 'executed'>;

/** Does the steps and tells all that can be seen: each event as it runs, each answer. Events schedule and cancel, too. */
function history(engine: Engine, script: readonly Step[]): unknown[] {
  const seen: unknown[] = [];
  const handles: number[] = [];
  const add = (delay: number, children: number): void => {
    const name = handles.length;
    const handler = (left: number): void => {
      seen.push(['ran', name, engine.now, engine.cancel(handles[name] as number)]);
      if (left > 0) add(left === 2 ? 0 : delay / 2, left - 1);
      if (left === 3) seen.push(engine.cancel(handles[Math.floor(name / 2)] as number));
    };
    handles.push(engine.schedule(delay, handler, children));
  };
  for (const { act, a, b } of script) {
    if (act === 'schedule') add(a, b);
    else if (act === 'cancel') seen.push(engine.cancel(handles[a % Math.max(1, handles.length)] ?? 0));
    else if (act === 'run') seen.push(engine.run(engine.now + a));
    else seen.push(engine.run(Infinity, a));
    seen.push([engine.now, engine.pending, engine.executed]);
  }
  seen.push(engine.run(), engine.now, engine.pending, engine.executed);
  return seen;
}

describe('the order of events', () => {
  it('is that of a sorted list, whatever is scheduled, cancelled and run', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 400, size: 'max' }), (script) => {
        expect(history(new Simulator(), script)).toEqual(history(new ReferenceSimulator(), script));
      }),
      { numRuns: 500 },
    );
  });
});
