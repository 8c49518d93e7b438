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

  it.each([undefined, null, 3, 'x', [], {}, { version: 99, labs: {} }, { version: 1, labs: { '05': { step: 'nowhere' } } }])('does not take %j for progress', (stored) => {
    expect(parseProgress(stored)).toBeUndefined();
  });
});

describe('progress of an earlier version', () => {
  it('is taken over, and nothing of it is lost', () => {
    const first = { version: 1, labs: { '05': { labVersion: 1, step: 'fix', said: { a: 4 }, values: {}, ran: true, quiz: {}, exercises: { x: { state: 'passed', hintsShown: 2, points: 10, version: 1 } } } } };
    const now = parseProgress(first);
    expect(now?.labs).toEqual(first.labs);
    expect(parseProgress(JSON.parse(JSON.stringify(now)))).toEqual(now);
  });
});

describe('a new version of a lab', () => {
  const first = withExercise(withLab(NO_PROGRESS, '05', { labVersion: 1, said: { a: 4 }, ran: true }), '05', 'x', { state: 'passed', points: 10 });
  const second = withLab(first, '05', { labVersion: 2, step: 'simulate' });

  it('begins anew, but for the exercises, which have versions of their own', () => {
    expect(labProgress(second, '05')).toMatchObject({ labVersion: 2, said: {}, ran: false, step: 'simulate' });
    expect(exerciseProgress(second, '05', 'x')).toMatchObject({ state: 'passed', points: 10 });
  });

  it('keeps what was done in the earlier one, for whoever goes back to it', () => {
    expect(labProgress(withLab(second, '05', { labVersion: 1 }), '05')).toMatchObject({ said: { a: 4 }, ran: true });
    expect(parseProgress(JSON.parse(JSON.stringify(second)))).toEqual(second);
  });
});
