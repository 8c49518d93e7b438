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
  /** Rounds of the quiz before the one that is asked; none where missing. */
  quizRound: Type.Optional(Type.Integer({ minimum: 0 })),
  exercises: Type.Record(Type.String(), ExerciseProgress),
  /** When it was changed last, in milliseconds since 1970; the storage's to set. */
  changedAt: Type.Optional(Type.Number()),
});
type StoredLabProgress = Static<typeof LabProgress>;
export interface LabProgress extends Omit<StoredLabProgress, 'quiz' | 'step'> {
  readonly step: Step;
  readonly quiz: Readonly<Record<string, QuizVerdict>>;
}

const VERSION = 2;
const Progress = Type.Object({
  version: Type.Literal(VERSION),
  labs: Type.Record(Type.String(), LabProgress),
  /** `lab@version` → what was done in a version of a lab that is no longer the one here. */
  earlier: Type.Optional(Type.Record(Type.String(), LabProgress)),
  /** Lab → when it was forgotten, so that another window's older copy does not bring it back. */
  forgotten: Type.Optional(Type.Record(Type.String(), Type.Number())),
});
export interface Progress {
  readonly version: typeof VERSION;
  readonly labs: Readonly<Record<string, LabProgress>>;
  readonly earlier?: Readonly<Record<string, LabProgress>>;
  readonly forgotten?: Readonly<Record<string, number>>;
}

export const NO_PROGRESS: Progress = { version: VERSION, labs: {} };

/** Version → what makes the next one of it. Nothing was lost from one to the other. */
const MIGRATIONS: Readonly<Record<number, (stored: object) => object>> = { 1: (stored) => ({ ...stored, version: 2 }) };

/** Reads what was stored, by this version or an earlier one; undefined where it is no progress known here, so that the caller can keep it aside. */
export function parseProgress(stored: unknown): Progress | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined;
  const migrate = MIGRATIONS[Number((stored as { version?: unknown }).version)];
  if (migrate) return parseProgress(migrate(stored));
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

/**
 * A copy with some of a lab's progress changed. Where `change` names another version of the lab than before, what was done in
 * that one is kept under it, and only the exercises go along: they have versions of their own.
 */
export function withLab(before: Progress, lab: string, change: Partial<LabProgress>): Progress {
  const progress = change.labVersion === undefined ? before : inVersion(before, lab, change.labVersion);
  return { ...progress, labs: { ...progress.labs, [lab]: { ...labProgress(progress, lab), ...change } } };
}

function inVersion(progress: Progress, lab: string, version: number): Progress {
  const stored = progress.labs[lab];
  if (!stored || stored.labVersion === version) return progress;
  const known = progress.earlier?.[`${lab}@${version}`] ?? FRESH;
  return {
    ...progress,
    labs: { ...progress.labs, [lab]: { ...known, labVersion: version, exercises: stored.exercises } },
    earlier: { ...progress.earlier, [`${lab}@${stored.labVersion}`]: stored },
  };
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
