import * as vscode from 'vscode';
import type { ExerciseFolder, LabFolder } from '../catalog/catalog.ts';
import type { gradeExercise, OnDebuggable } from '../grading/gradeExercise.ts';
import { exerciseProgress, withExercise } from '../labs/progress.ts';
import type { RunnerHost } from '../runtime/runnerHost.ts';
import { HumanError } from '../shared/errors.ts';
import type { ExerciseReport } from '../shared/report.ts';
import { TokenAbort } from './abort.ts';
import type { Activity } from './activity.ts';
import type { Changes } from './changes.ts';
import type { Grading } from './grading.ts';
import { SETTINGS } from './ids.ts';
import type { Kept } from './kept.ts';
import { learnerText } from './learnerDocument.ts';
import type { ProgressStore } from './progressStore.ts';
import type { Reporter } from './reporter.ts';
import { setting } from './settings.ts';
import { requireTrust } from './trust.ts';
import type { Turn } from './turn.ts';

export interface GradeOptions {
  readonly by: Grading['by'];
  readonly token?: vscode.CancellationToken;
  /** Called with the title of each check that begins. */
  readonly onCheck?: (check: string) => void;
  /** Makes it a grading under a debugger, which is no verdict: nothing is recorded, and only the caller is told. */
  readonly onDebuggable?: OnDebuggable;
}

/** How an exercise is graded; the real one starts a supervised child. */
export type Grade = typeof gradeExercise;

/** Longest that any grading may take, in milliseconds, whatever the settings multiply. */
const LONGEST_MS = 120_000;

export class Grader implements vscode.Disposable {
  private readonly running = new Map<string, TokenAbort>();
  private readonly reports = new Map<string, ExerciseReport>();

  constructor(
    private readonly host: RunnerHost,
    private readonly gradeExercise: Grade,
    private readonly kept: Pick<Kept<ExerciseReport>, 'read' | 'write' | 'remove'>,
    private readonly services: { readonly progress: ProgressStore; readonly activity: Activity; readonly turn: Turn; readonly changes: Changes; readonly reporter: Reporter },
  ) {}

  isGrading(exercise: ExerciseFolder): boolean {
    return this.running.has(keyOf(exercise));
  }

  /** The last report of an exercise: of this window, or one that was recalled. */
  report(exercise: ExerciseFolder): ExerciseReport | undefined {
    return this.reports.get(keyOf(exercise));
  }

  cancel(exercise: ExerciseFolder): void {
    this.running.get(keyOf(exercise))?.abort();
  }

  /** Shows the reports of before the window was opened, where there are some and none since. */
  async recall({ exercises }: LabFolder): Promise<void> {
    await Promise.all(
      exercises.map(async (exercise) => {
        const key = keyOf(exercise);
        const report = await this.kept.read(key, exercise.exercise.version);
        if (report && !this.reports.has(key)) this.reports.set(key, report);
      }),
    );
    this.services.changes.fire('grading');
  }

  /** Forgets the last report: the text that it was about was replaced. */
  forget(exercise: ExerciseFolder): void {
    this.reports.delete(keyOf(exercise));
    this.services.changes.fire('grading');
    void this.services.reporter.guard('Forgetting the report', () => this.kept.remove(keyOf(exercise)));
  }

  /** Grades the editor's text, saved or not. Throws where nothing could be graded; what is wrong with the text is in the report. */
  async grade(exercise: ExerciseFolder, options: GradeOptions): Promise<Grading> {
    requireTrust('Grading');
    const key = keyOf(exercise);
    const { title } = exercise.exercise;
    if (this.running.has(key)) throw new HumanError(`"${title}" is being graded already.`);
    const { turn, activity, changes } = this.services;
    const abort = new TokenAbort(options.token);
    this.running.set(key, abort);
    const { onDebuggable } = options;
    const doing = `${onDebuggable ? 'Debugging' : 'Grading'} ${title}`;
    const shown = activity.begin(doing, () => abort.abort());
    changes.fire('grading');
    try {
      const { uri, text } = await learnerText(exercise);
      const onProgress = (check: string): void => {
        shown.say(`${doing}: ${check}`);
        options.onCheck?.(check);
      };
      const request = { exercise: withTimeLimitFactor(exercise), source: text, path: uri.fsPath };
      const report = await turn.take(abort.signal, () => this.gradeExercise(request, this.host, { signal: abort.signal, onProgress, onDebuggable }));
      if (report.verdict === 'cancelled') throw new vscode.CancellationError();
      const grading: Grading = { exercise, uri, text, report, by: options.by };
      if (onDebuggable) return grading;
      this.reports.set(key, report);
      await this.services.reporter.guard('Keeping the report', () => this.kept.write(key, exercise.exercise.version, report));
      await this.record(exercise, report);
      changes.fireGraded(grading);
      return grading;
    } finally {
      this.running.delete(key);
      abort.dispose();
      shown.dispose();
      changes.fire('grading');
    }
  }

  dispose(): void {
    for (const abort of this.running.values()) abort.abort();
  }

  /** Only a verdict on the learner's work counts: an unfit machine or a fault of ours changes nothing. */
  private async record({ lab, exercise }: ExerciseFolder, report: ExerciseReport): Promise<void> {
    const { verdict, points } = report;
    if (verdict !== 'passed' && verdict !== 'failed') return;
    await this.services.progress.update((progress) =>
      withExercise(progress, lab, exercise.id, {
        state: verdict,
        points: Math.max(points, exerciseProgress(progress, lab, exercise.id).points),
        ...(verdict === 'passed' ? { version: exercise.version } : {}),
      }),
    );
  }
}

function keyOf({ lab, exercise }: ExerciseFolder): string {
  return `${lab}.${exercise.id}`;
}

function withTimeLimitFactor(folder: ExerciseFolder): ExerciseFolder {
  const factor = Math.min(5, Math.max(1, setting(SETTINGS.timeLimitFactor)));
  const timeLimitMs = Math.min(LONGEST_MS, folder.exercise.timeLimitMs * factor);
  return { ...folder, exercise: { ...folder.exercise, timeLimitMs } };
}
