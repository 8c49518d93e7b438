import { describe, expect, it } from 'vitest';
import { exerciseProgress, labProgress, NO_PROGRESS, parseProgress, withExercise, withLab, withoutLab } from '../../../src/labs/progress.ts';

describe('progress', () => {
  it('starts at predicting, with nothing done', () => {
    expect(labProgress(NO_PROGRESS, '05')).toMatchObject({ step: 'predict', ran: false, said: {} });
    expect(exerciseProgress(NO_PROGRESS, '05', 'x')).toMatchObject({ state: 'not-started', points: 0 });
  });

  it('survives being stored as JSON', () => {
    const progress = withExercise(withLab(NO_PROGRESS, '05', { said: { a: 4, b: 'skipped' } }), '05', 'x', { state: 'failed', points: 2 });
    expect(parseProgress(JSON.parse(JSON.stringify(progress)))).toEqual(progress);
  });

  it('keeps a pass and its points when a later attempt fails', () => {
    const passed = withExercise(NO_PROGRESS, '05', 'x', { state: 'passed', points: 10 });
    const again = withExercise(passed, '05', 'x', { state: 'failed', points: 3 });
    expect(exerciseProgress(again, '05', 'x')).toMatchObject({ state: 'passed', points: 10 });
  });

  it('leaves other labs alone', () => {
    const both = withLab(withLab(NO_PROGRESS, '05', { ran: true }), '06', { ran: true });
    expect(Object.keys(withoutLab(both, '05').labs)).toEqual(['06']);
  });

  it.each([undefined, null, 3, 'x', [], {}, { version: 2, labs: {} }, { version: 1, labs: { '05': { step: 'nowhere' } } }])('does not take %j for progress', (stored) => {
    expect(parseProgress(stored)).toBeUndefined();
  });
});
