import type { ExerciseFolder, LabFolder } from '../../catalog/catalog.ts';
import type { Progress } from '../../labs/progress.ts';
import type { RunView, ServerView } from '../../shared/protocol.ts';
import type { ExerciseReport, Machine } from '../../shared/report.ts';

/** What a panel's session needs of the rest: the state that a snapshot is made of, and what its requests do. */
export interface PanelServices {
  readonly progress: { readonly current: Progress; update(change: (progress: Progress) => Progress): Promise<void> };
  trusted(): boolean;
  machine(): Machine | null;
  /** Another lab's title, where there is such a lab. */
  titleOf(lab: string): string | undefined;
  run(lab: string): RunView;
  /** Brings the last run back from an earlier window. */
  recall(folder: LabFolder): Promise<void>;
  server(lab: string): ServerView;
  isGrading(exercise: ExerciseFolder): boolean;
  report(exercise: ExerciseFolder): ExerciseReport | null;
  /** One sentence for a person; logs what is a bug. */
  sentence(error: unknown, doing: string): string;
  readonly actions: PanelActions;
}

/** Each rejects where it could not begin; what comes later shows in the state. */
export interface PanelActions {
  startRun(folder: LabFolder, values: Readonly<Record<string, number>>): Promise<void>;
  cancelRun(lab: string): void;
  startServer(folder: LabFolder, values: Readonly<Record<string, number>>): Promise<void>;
  stopServer(lab: string): Promise<void>;
  copyText(text: string): Promise<void>;
  typeInTerminal(command: string): void;
  openExercise(exercise: ExerciseFolder): Promise<void>;
  startGrading(exercise: ExerciseFolder): Promise<void>;
  cancelGrading(exercise: ExerciseFolder): void;
  nextHint(exercise: ExerciseFolder): Promise<void>;
  openSolution(exercise: ExerciseFolder): Promise<void>;
  openReadme(folder: LabFolder): Promise<void>;
  startLab(lab: string): Promise<void>;
  showLog(): void;
}
