import { Type, type Static } from '@sinclair/typebox';
import { HumanError } from './errors.ts';
import { validated } from './validate.ts';

/** What `backend-labs grade --all` found out of one learner's exercises: a file that `backend-labs report` and other programs read. */

const Check = Type.Object({
  id: Type.String(),
  title: Type.String(),
  points: Type.Number({ minimum: 0 }),
  outcome: Type.Union([Type.Literal('passed'), Type.Literal('failed'), Type.Literal('skipped')]),
});

/** What a table needs of an `ExerciseReport`; the file holds all of it but the evidence. */
const ExerciseResultSchema = Type.Object({
  lab: Type.String({ minLength: 1 }),
  exercise: Type.String({ minLength: 1 }),
  verdict: Type.Union([Type.Literal('passed'), Type.Literal('failed'), Type.Literal('unfit-machine'), Type.Literal('our-fault'), Type.Literal('cancelled')]),
  points: Type.Number({ minimum: 0 }),
  of: Type.Number({ minimum: 0 }),
  /** Missing where one exercise was graded by itself. */
  exerciseVersion: Type.Optional(Type.Integer({ minimum: 1 })),
  checks: Type.Array(Check),
});
export interface ExerciseResult extends Readonly<Omit<Static<typeof ExerciseResultSchema>, 'checks'>> {
  readonly checks: readonly Readonly<Static<typeof Check>>[];
}

const LearnerResultSchema = Type.Object({
  version: Type.Literal(1),
  /** Whose exercises they are, where the caller said so. */
  learner: Type.Union([Type.String({ minLength: 1 }), Type.Null()]),
  exercises: Type.Array(ExerciseResultSchema),
  /** Exercises without a file of the learner. */
  notStarted: Type.Array(Type.Object({ lab: Type.String(), exercise: Type.String(), of: Type.Number({ minimum: 0 }) })),
});

export interface LearnerResult {
  readonly version: 1;
  readonly learner: string | null;
  readonly exercises: readonly ExerciseResult[];
  readonly notStarted: readonly { readonly lab: string; readonly exercise: string; readonly of: number }[];
}

/** Reads a result: of `grade --all`, or of one exercise as `grade LAB/EXERCISE --json` gives it. Throws a HumanError that names the field. */
export function parseLearnerResult(value: unknown, what: string): LearnerResult {
  const result: LearnerResult =
    typeof value === 'object' && value !== null && 'checks' in value
      ? { version: 1, learner: null, exercises: [validated(ExerciseResultSchema, value, what)], notStarted: [] }
      : validated(LearnerResultSchema, value, what);
  const tooGood = result.exercises.find(({ points, of }) => points > of);
  if (tooGood) throw new HumanError(`In ${what}, ${tooGood.lab}/${tooGood.exercise} has ${tooGood.points} of ${tooGood.of} points.`);
  return result;
}
