import type { Uri } from 'vscode';
import type { ExerciseFolder } from '../catalog/catalog.ts';
import type { ExerciseReport } from '../shared/report.ts';

/** A grading that came to an end: told once, to diagnostics, tests and messages alike. */
export interface Grading {
  readonly exercise: ExerciseFolder;
  readonly uri: Uri;
  /** The text that was graded. */
  readonly text: string;
  readonly report: ExerciseReport;
  /** Who asked; the Test Explorer shows its own runs itself. */
  readonly by: 'command' | 'tests';
}
