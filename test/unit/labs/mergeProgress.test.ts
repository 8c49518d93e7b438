import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeProgress, stamped } from '../../../src/labs/mergeProgress.ts';
import { exerciseProgress, labProgress, NO_PROGRESS, parseProgress, withExercise, withLab, withoutLab, type Progress } from '../../../src/labs/progress.ts';

const id = fc.constantFrom('a', 'b');
const exercise = fc.record({ state: fc.constantFrom('not-started' as const, 'started' as const, 'failed' as const, 'passed' as const), hintsShown: fc.nat(3), points: fc.nat(10) });
const lab = fc.record({
  labVersion: fc.constantFrom(1, 2),
  step: fc.constantFrom('predict' as const, 'fix' as const),
  said: fc.dictionary(id, fc.nat(9)),
  values: fc.dictionary(id, fc.nat(9)),
  ran: fc.boolean(),
  quiz: fc.constant({}),
  quizRound: fc.option(fc.nat(3), { nil: undefined }),
  exercises: fc.dictionary(id, exercise),
  changedAt: fc.nat(5),
});
const progress: fc.Arbitrary<Progress> = fc.record({ version: fc.constant(2 as const), labs: fc.dictionary(id, lab), forgotten: fc.dictionary(id, fc.nat(5)) });

describe('merging what two windows know', () => {
  it('comes to the same in either order and however often, and is progress', () => {
    fc.assert(
      fc.property(progress, progress, (a, b) => {
        const merged = mergeProgress(a, b);
        expect(mergeProgress(b, a)).toEqual(merged);
        expect(mergeProgress(merged, a)).toEqual(merged);
        expect(mergeProgress(merged, merged)).toEqual(merged);
        expect(mergeProgress(merged, b)).toEqual(merged);
        expect(parseProgress(JSON.parse(JSON.stringify(merged)))).toEqual(merged);
      }),
      { numRuns: 1000 },
    );
  });

  it('loses no pass, no points and no hint that was used', () => {
    const one = stamped(NO_PROGRESS, withExercise(NO_PROGRESS, '05', 'x', { state: 'passed', points: 10 }), 1);
    const two = stamped(NO_PROGRESS, withExercise(withExercise(NO_PROGRESS, '05', 'y', { state: 'failed', points: 3 }), '05', 'x', { hintsShown: 2 }), 2);
    const both = mergeProgress(one, two);
    expect(exerciseProgress(both, '05', 'x')).toMatchObject({ state: 'passed', points: 10, hintsShown: 2 });
    expect(exerciseProgress(both, '05', 'y')).toMatchObject({ state: 'failed', points: 3 });
  });

  it('takes the later of two values of the same thing', () => {
    const one = stamped(NO_PROGRESS, withLab(NO_PROGRESS, '05', { said: { a: 1, b: 1 } }), 1);
    const two = stamped(NO_PROGRESS, withLab(NO_PROGRESS, '05', { said: { a: 2 } }), 2);
    expect(labProgress(mergeProgress(one, two), '05').said).toEqual({ a: 2, b: 1 });
  });

  it('does not bring back what was forgotten, unless something was done since', () => {
    const done = stamped(NO_PROGRESS, withLab(NO_PROGRESS, '05', { ran: true }), 1);
    const forgotten = stamped(done, withoutLab(done, '05'), 2);
    expect(mergeProgress(forgotten, done).labs).toEqual({});
    const again = stamped(forgotten, withLab(forgotten, '05', { step: 'run' }), 2);
    expect(mergeProgress(forgotten, again).labs['05']?.step).toBe('run');
  });
});
