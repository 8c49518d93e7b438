import type { Lab, Preset, Slider } from './lab.ts';
import type { Comparison, ExerciseReport, Machine } from './report.ts';
import type { Trace } from './trace.ts';

/** What crosses between the extension host and the panel. The panel asks for a snapshot when ready and gets a whole one after each change. */

export const STEPS = ['predict', 'simulate', 'run', 'fix', 'check'] as const;
export type Step = (typeof STEPS)[number];

export interface PanelSnapshot {
  readonly lab: LabView;
  readonly step: Step;
  /** Null until this machine has been looked at. */
  readonly machine: Machine | null;
  /** False in an untrusted workspace: reading and simulating work, running does not. */
  readonly trusted: boolean;
  readonly predictions: readonly PredictionView[];
  /** True while Run is locked because predictions are neither given nor skipped. */
  readonly runLocked: boolean;
  /** Slider id → value. */
  readonly values: Readonly<Record<string, number>>;
  readonly simulation: SimulationView;
  readonly run: RunView;
  readonly server: ServerView;
  readonly exercises: readonly ExerciseView[];
  /** The questions of this round. */
  readonly quiz: readonly QuestionView[];
  /** How many of the pool have not been asked yet. */
  readonly quizLeft: number;
  /** The exercise that is to be in sight, and how often one was to be: each time counts once. */
  readonly lookAt?: { readonly exercise: string; readonly times: number };
}

export interface LabView {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly minutes: number;
  readonly diagram: Lab['diagram'];
  readonly sliders: readonly Slider[];
  readonly presets: readonly Preset[];
  readonly glossary: readonly Term[];
  /** The steps there are, where not all five: the picture of a scenario file has `simulate` alone. */
  readonly steps?: readonly Step[];
  /** Title of the lab to do next, if any. */
  readonly next?: { readonly id: string; readonly title: string };
}

/** A term of the glossary, in one or two sentences, and the further forms that it has in texts. */
export interface Term {
  readonly term: string;
  readonly means: string;
  readonly also: readonly string[];
}

/** A prediction question. `because` and the numbers come only after the run: they are the answer. */
export interface PredictionView {
  readonly id: string;
  readonly question: string;
  readonly unit: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly said: number | 'skipped' | null;
  readonly recalled?: { readonly simulated: number | null; readonly measured: number | null; readonly because: string };
}

export type SimulationView =
  | { readonly state: 'done'; readonly trace: Trace; readonly quantities: readonly QuantityValue[] }
  | { readonly state: 'failed'; readonly message: string };

export interface QuantityValue {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly value: number | null;
}

export type RunView =
  | { readonly state: 'idle' }
  | { readonly state: 'running'; readonly message: string; readonly fraction: number | null }
  | { readonly state: 'failed'; readonly message: string }
  | { readonly state: 'cancelled' }
  | {
      readonly state: 'done';
      readonly predicted: Trace;
      readonly measured: Trace;
      readonly comparisons: readonly Comparison[];
      readonly notes: readonly string[];
      /** The sliders' values of this run; they may have moved since. */
      readonly values: Readonly<Record<string, number>>;
    };

export type ServerView =
  | { readonly state: 'stopped' | 'starting' }
  | { readonly state: 'failed'; readonly message: string }
  | { readonly state: 'running'; readonly port: number; readonly pid: number; readonly commands: readonly { readonly label: string; readonly command: string }[] };

export interface ExerciseView {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** What is to be done, as the exercise's README.md says it: paragraphs and lists, with `code`, **strong** and *stressed*. */
  readonly task: string;
  readonly points: number;
  readonly state: 'not-started' | 'started' | 'failed' | 'passed';
  readonly grading: boolean;
  readonly report: ExerciseReport | null;
  /** Hints of the ladder asked for so far. */
  readonly hints: readonly string[];
  readonly moreHints: boolean;
  /** Said once passed. */
  readonly after: string | null;
}

export interface QuestionView {
  readonly id: string;
  readonly kind: 'single' | 'multiple' | 'numeric';
  readonly text: string;
  readonly unit?: string;
  readonly options: readonly { readonly id: string; readonly text: string }[];
  /** Null until answered. The key never leaves the host: only options that were chosen, or all once right, are explained. */
  readonly verdict: QuizVerdict | null;
}

export type QuizAnswer = { readonly options: readonly string[] } | { readonly number: number };

export interface QuizVerdict {
  readonly answer: QuizAnswer;
  readonly correct: boolean;
  /** Option id → why it is right or wrong; for a numeric question under the key `answer`. */
  readonly explanations: Readonly<Record<string, { readonly correct: boolean; readonly text: string }>>;
}

/** What the panel may ask for: method → its parameters. Every request gets a reply or an error reply; the changed state comes as a snapshot. */
export interface PanelRequests {
  /** Shows another of the five steps. */
  showStep: { step: Step };
  predict: { answers: Readonly<Record<string, number | 'skipped'>> };
  /** Moves sliders; the answer is a snapshot with a new simulation. */
  setValues: { values: Readonly<Record<string, number>> };
  run: Record<string, never>;
  cancelRun: Record<string, never>;
  startServer: Record<string, never>;
  stopServer: Record<string, never>;
  copyText: { text: string };
  /** Types a command of the running server into a terminal without pressing Enter. */
  runInTerminal: { command: string };
  openExercise: { exercise: string };
  grade: { exercise: string };
  cancelGrade: Record<string, never>;
  nextHint: { exercise: string };
  openSolution: { exercise: string };
  answerQuiz: { question: string; answer: QuizAnswer };
  retryQuiz: { question: string };
  /** Asks the next questions of the pool. */
  askOthers: Record<string, never>;
  openReadme: Record<string, never>;
  startLab: { lab: string };
  showLog: Record<string, never>;
}
export type PanelMethod = keyof PanelRequests;

/** A page's messages: it asks for a snapshot when it is ready, and may send the requests of `R`. */
export type From<R> = { readonly type: 'ready' } | { [M in keyof R]: { readonly type: 'request'; readonly id: number; readonly method: M; readonly params: R[M] } }[keyof R];
/** A page is told whole snapshots, and how each request ended. */
export type To<S> = { readonly type: 'snapshot'; readonly snapshot: S } | { readonly type: 'reply'; readonly id: number; readonly error?: string };

export type FromPanel = From<PanelRequests>;
export type ToPanel = To<PanelSnapshot>;
