import { Type, type Static } from '@sinclair/typebox';
import { Metric } from './metric.ts';
import { validated } from './validate.ts';

/** What a lab's folder says of it in `lab.json`: the simulated half of a lab is data, since the host runs no lab code. */

const Id = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' });
const Text = Type.String({ minLength: 1 });
/** A JSON pointer (RFC 6901) into the scenario. */
const Pointer = Type.String({ pattern: '^(/[^/]+)+$' });
const closed = { additionalProperties: false };

export const Slider = Type.Object(
  {
    id: Id,
    label: Text,
    help: Type.Optional(Text),
    unit: Type.Optional(Text),
    minimum: Type.Number(),
    maximum: Type.Number(),
    step: Type.Number({ exclusiveMinimum: 0 }),
    default: Type.Number(),
    /** The fields of the scenario that the slider's value is written to; none where only the real run has it. */
    paths: Type.Array(Pointer),
    /** Named values in place of a range: the slider's value is then the place in this list, and the choice's `value` is written, with what `also` has for other fields. */
    choices: Type.Optional(Type.Array(Type.Object({ label: Text, value: Type.Unknown(), also: Type.Optional(Type.Record(Pointer, Type.Unknown())) }, closed), { minItems: 2 })),
    /** False where the real run does not have it (a round trip on loopback): it then holds for the simulation only. */
    real: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type Slider = Static<typeof Slider>;

export const Preset = Type.Object({ id: Id, title: Text, description: Text, values: Type.Record(Id, Type.Number()) }, closed);
export type Preset = Static<typeof Preset>;

/** A difference from the model: JSON pointer to value. Applied to a scenario, it makes the wrong model's prediction. */
export const WrongModel = Type.Object(
  {
    name: Text,
    /** JSON pointer → the value to set, or `{ add }` for a difference to what is there. */
    patch: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String(), Type.Boolean(), Type.Array(Type.Number()), Type.Object({ add: Type.Number() }, closed)])),
  },
  closed,
);
export type WrongModel = Static<typeof WrongModel>;

/**
 * What a run may lack on a machine: a network namespace of its own, the right to look at the segments on its link, a look at
 * what processes have in memory, a program that calls fork(2), a Node that listens with SO_REUSEPORT, and the processors for itself, of
 * which other work took a part.
 */
export const Need = Type.Union([
  Type.Literal('private-link'),
  Type.Literal('segments'),
  Type.Literal('memory'),
  Type.Literal('fork'),
  Type.Literal('reuseport'),
  Type.Literal('processors'),
]);
export type Need = Static<typeof Need>;

/** A number that simulation and measurement both give, as the same function of a trace. */
export const Quantity = Type.Object(
  {
    id: Id,
    label: Text,
    unit: Text,
    metric: Metric,
    /** The part whose trace it is computed from; the lab's own scenario unless given. */
    part: Type.Optional(Id),
    /** Agrees within the larger of these; none above 25 % or two jiffies (`jiffies` × this machine's tick). */
    tolerance: Type.Object(
      {
        absolute: Type.Optional(Type.Number({ minimum: 0 })),
        relative: Type.Optional(Type.Number({ minimum: 0, maximum: 0.25 })),
        jiffies: Type.Optional(Type.Integer({ minimum: 0, maximum: 2 })),
        /** Where the tolerance comes from: the runs it was taken from and their spread. */
        source: Text,
      },
      closed,
    ),
    /** What is wrong with the picture of someone whose number this is not. */
    exposes: Type.Optional(WrongModel),
    /** Said where the two differ: what on a machine may cause it. */
    ifNot: Text,
    /** Needs Linux's /proc; elsewhere named as not available. */
    linuxOnly: Type.Optional(Type.Boolean()),
    /** What the run must have had for it; where it lacked that, the row says why. */
    needs: Type.Optional(Type.Array(Need)),
  },
  closed,
);
export type Quantity = Static<typeof Quantity>;

/** A question with a number in it, asked before anything runs. `answer` names the quantity that answers it. */
export const Prediction = Type.Object(
  {
    id: Id,
    question: Text,
    unit: Text,
    minimum: Type.Number(),
    maximum: Type.Number(),
    answer: Id,
    /** Why it is what it is; shown only after the run, beside what the learner said. */
    because: Text,
  },
  closed,
);
export type Prediction = Static<typeof Prediction>;

/** One drawing of the simulation, at a moment: the end of it unless given. */
const PictureView = Type.Object(
  {
    /** Above it, where one picture has several views. */
    title: Type.Optional(Text),
    /** Whose values the sliders have; their defaults unless given. */
    preset: Type.Optional(Id),
    /** Slider id → value, laid over the preset's. */
    values: Type.Optional(Type.Record(Id, Type.Number())),
    /** The lab's diagram unless given, or the plot over time that stands below it in the panel; of retries, the cells of all intents. */
    draws: Type.Optional(Type.Union([Type.Literal('diagram'), Type.Literal('plot')])),
    /** Which connection, server, or outcome (“x = 1”) of several, or which intent, counted from 1. */
    of: Type.Optional(Text),
    /** The time of the moment, in milliseconds of the simulation … */
    atMs: Type.Optional(Type.Number({ minimum: 0 })),
    /** … or its number, as the panel counts events. */
    atEvent: Type.Optional(Type.Integer({ minimum: 0 })),
    /** Whether distances are times or one a step, in diagrams and plots that offer both. */
    axis: Type.Optional(Type.Union([Type.Literal('events'), Type.Literal('time')])),
  },
  closed,
);
export type PictureView = Static<typeof PictureView>;

/** A picture of the lab's README, drawn from its simulation into `pictures/<id>.svg`. */
export const LabPicture = Type.Object(
  {
    id: Id,
    /** What is to be seen, for who does not see it. */
    alt: Text,
    /** How many views stand beside each other; one unless given. */
    columns: Type.Optional(Type.Integer({ minimum: 1, maximum: 3 })),
    views: Type.Array(PictureView, { minItems: 1, maxItems: 12 }),
  },
  closed,
);
export type LabPicture = Static<typeof LabPicture>;

export const Lab = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    id: Id,
    version: Type.Integer({ minimum: 1 }),
    title: Text,
    /** One sentence for the list of labs. */
    summary: Text,
    minutes: Type.Integer({ minimum: 1 }),
    /** Labs that help to have done before; they suggest and never lock. */
    prerequisites: Type.Array(Id),
    next: Type.Optional(Id),
    /** Which diagram plays its traces. */
    diagram: Type.Union([Type.Literal('accept-queue'), Type.Literal('ladder'), Type.Literal('buffers'), Type.Literal('cores'), Type.Literal('event-loop'), Type.Literal('patterns'), Type.Literal('copy-on-write'), Type.Literal('retries'), Type.Literal('interleavings'), Type.Literal('none')]),
    /** The scenario template, in the form of `backend-labs simulate`; sliders write into it. */
    scenario: Type.Record(Type.String(), Type.Unknown()),
    /**
     * Further scenarios, of any kind, that are simulated and run beside the lab's own, by their ids. Sliders, `realOverrides` and
     * what a run finds out reach into them at `/parts/<id>/…`.
     */
    parts: Type.Optional(Type.Record(Id, Type.Record(Type.String(), Type.Unknown()))),
    /** JSON pointer → value, laid over the scenario for what stands beside the measurement (`{"/link": {"medium": "loopback"}}`). */
    realOverrides: Type.Record(Type.String(), Type.Unknown()),
    /** Where one can be had, the real run is in a network namespace of its own, whose loopback has this MTU and takes segments one by one. */
    privateLink: Type.Optional(Type.Object({ mtu: Type.Integer({ minimum: 576, maximum: 65_536 }) }, closed)),
    sliders: Type.Array(Slider),
    presets: Type.Array(Preset, { minItems: 1 }),
    quantities: Type.Array(Quantity, { minItems: 1 }),
    predictions: Type.Array(Prediction, { minItems: 1 }),
    /** Commands to try on the server while it is up; `{port}` and `{pid}` are filled in. */
    commands: Type.Array(Type.Object({ label: Text, command: Text, platforms: Type.Optional(Type.Array(Type.String())) }, closed)),
    exercises: Type.Array(Id),
    /** The README's pictures; `npm run pictures` draws them. */
    pictures: Type.Optional(Type.Array(LabPicture, { description: 'The README’s pictures, each drawn from moments of the simulation into pictures/<id>.svg by `npm run pictures`.' })),
    /**
     * Term → what it means, in one or two plain sentences; with the further forms that it has in texts (plurals), where there are
     * any. The panel marks terms and shows what they mean; the README's section “Words” has the same.
     */
    glossary: Type.Optional(Type.Record(Type.String(), Type.Union([Text, Type.Object({ means: Text, also: Type.Array(Text, { minItems: 1 }) }, closed)]), { description: 'Term → what it means, in one or two plain sentences, with further forms (plurals) in `also`. The README’s “Words” has the same.' })),
  },
  closed,
);
export type Lab = Static<typeof Lab>;

export const WrongSolution = Type.Object({ file: Text, misconception: Text, fails: Id, hint: Id }, closed);

/** `exercise.json`. */
export const Exercise = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    id: Id,
    version: Type.Integer({ minimum: 1 }),
    title: Text,
    summary: Text,
    points: Type.Integer({ minimum: 1 }),
    /** What one grading may take in all, in milliseconds. */
    timeLimitMs: Type.Integer({ minimum: 500, maximum: 120_000 }),
    /** What the scenario of a right solution needs by itself, in milliseconds. */
    scenarioMs: Type.Integer({ minimum: 0 }),
    /** True where a check measures time: its own files are then graded with nothing beside them when the lab is validated. */
    timing: Type.Optional(Type.Boolean()),
    /** What a right solution needs beyond its own folder and the network. */
    allows: Type.Optional(Type.Array(Type.Literal('child-processes'))),
    checks: Type.Array(Type.Object({ id: Id, title: Text, points: Type.Integer({ minimum: 0 }) }, closed), { minItems: 1 }),
    /** Hint id → its text. A failing check names one. */
    hints: Type.Record(Id, Text),
    /** Further hints on request, each a step closer. */
    ladder: Type.Array(Text),
    wrong: Type.Array(WrongSolution, { minItems: 4 }),
    /** Said on passing: what to look at next. */
    after: Text,
  },
  closed,
);
export type Exercise = Static<typeof Exercise>;

const Option = Type.Object({ id: Id, text: Text, correct: Type.Boolean(), explanation: Text }, closed);
export const Question = Type.Union([
  Type.Object({ id: Id, kind: Type.Literal('single'), text: Text, options: Type.Array(Option, { minItems: 2 }) }, closed),
  Type.Object({ id: Id, kind: Type.Literal('multiple'), text: Text, options: Type.Array(Option, { minItems: 2 }) }, closed),
  Type.Object(
    {
      id: Id,
      kind: Type.Literal('numeric'),
      text: Text,
      unit: Text,
      answer: Type.Number(),
      tolerance: Type.Number({ minimum: 0 }),
      explanation: Text,
      /** Particular wrong numbers and what lies behind them. */
      mistakes: Type.Optional(Type.Array(Type.Object({ answer: Type.Number(), explanation: Text }, closed))),
    },
    closed,
  ),
]);
export type Question = Static<typeof Question>;

/** `quiz.json`. */
export const Quiz = Type.Object(
  {
    $schema: Type.Optional(Type.String()),
    /** How many questions are asked at a time; all of them where missing. */
    ask: Type.Optional(Type.Integer({ minimum: 1 })),
    questions: Type.Array(Question, { minItems: 5 }),
  },
  closed,
);
export type Quiz = Static<typeof Quiz>;

export const parseLab = (value: unknown, what: string): Lab => validated(Lab, value, what);
export const parseExercise = (value: unknown, what: string): Exercise => validated(Exercise, value, what);
export const parseQuiz = (value: unknown, what: string): Quiz => validated(Quiz, value, what);
