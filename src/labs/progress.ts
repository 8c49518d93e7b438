import { Type, type Static } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { STEPS, type QuizVerdict, type Step } from '../shared/protocol.ts';

/** What a learner has done, as plain JSON with a version; storing it is the caller's. */

const ExerciseProgress = Type.Object({
  state: Type.Union([Type.Literal('not-started'), Type.Literal('started'), Type.Literal('failed'), Type.Literal('passed')]),
  hintsShown: Type.Integer({ minimum: 0 }),
  points: Type.Number({ minimum: 0 }),
  /** The version of the exercise that was passed. */
  version: Type.Optional(Type.Integer()),
});
export type ExerciseProgress = Static<typeof ExerciseProgress>;

const LabProgress = Type.Object({
  labVersion: Type.Integer(),
  step: Type.Union(STEPS.map((step) => Type.Literal(step))),
  said: Type.Record(Type.String(), Type.Union([Type.Number(), Type.Literal('skipped')])),
  values: Type.Record(Type.String(), Type.Number()),
  ran: Type.Boolean(),
  quiz: Type.Record(Type.String(), Type.Unknown()),
  exercises: Type.Record(Type.String(), ExerciseProgress),
});
type StoredLabProgress = Static<typeof LabProgress>;
export interface LabProgress extends Omit<StoredLabProgress, 'quiz' | 'step'> {
  readonly step: Step;
  readonly quiz: Readonly<Record<string, QuizVerdict>>;
}

const Progress = Type.Object({ version: Type.Literal(1), labs: Type.Record(Type.String(), LabProgress) });
export interface Progress {
  readonly version: 1;
  readonly labs: Readonly<Record<string, LabProgress>>;
}

export const NO_PROGRESS: Progress = { version: 1, labs: {} };

/** Reads what was stored; undefined where it is no progress of a version known here, so that the caller can keep it aside. */
export function parseProgress(stored: unknown): Progress | undefined {
  return Value.Check(Progress, stored) ? (stored as Progress) : undefined;
}

const FRESH: LabProgress = { labVersion: 1, step: 'predict', said: {}, values: {}, ran: false, quiz: {}, exercises: {} };
const UNTOUCHED: ExerciseProgress = { state: 'not-started', hintsShown: 0, points: 0 };

export function labProgress(progress: Progress, lab: string): LabProgress {
  return progress.labs[lab] ?? FRESH;
}

export function exerciseProgress(progress: Progress, lab: string, exercise: string): ExerciseProgress {
  return labProgress(progress, lab).exercises[exercise] ?? UNTOUCHED;
}

/** A copy with some of a lab's progress changed. */
export function withLab(progress: Progress, lab: string, change: Partial<LabProgress>): Progress {
  return { ...progress, labs: { ...progress.labs, [lab]: { ...labProgress(progress, lab), ...change } } };
}

/** A copy with some of an exercise's progress changed. What was passed once stays passed. */
export function withExercise(progress: Progress, lab: string, exercise: string, change: Partial<ExerciseProgress>): Progress {
  const before = exerciseProgress(progress, lab, exercise);
  const after = { ...before, ...change };
  if (before.state === 'passed' && change.state !== 'not-started') after.state = 'passed';
  after.points = Math.max(before.points, after.points);
  return withLab(progress, lab, { exercises: { ...labProgress(progress, lab).exercises, [exercise]: after } });
}

/** A copy without anything of a lab. */
export function withoutLab(progress: Progress, lab: string): Progress {
  const labs = Object.fromEntries(Object.entries(progress.labs).filter(([id]) => id !== lab));
  return { ...progress, labs };
}
