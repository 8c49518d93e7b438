import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { ExerciseFolder, LabFolder } from '../catalog/catalog.ts';
import { exerciseOf, LEARNER_FOLDER, learnerPath, readLearnerFile } from '../catalog/learnerFiles.ts';
import { gradeExercise } from '../grading/gradeExercise.ts';
import type { RunnerHost } from '../runtime/runnerHost.ts';
import type { LearnerResult } from '../shared/learnerResult.ts';
import type { ExerciseReport } from '../shared/report.ts';

export interface GradedFile extends Omit<ExerciseReport, 'evidence'> {
  /** The learner's file, relative to the folder that was graded, with slashes. */
  readonly file: string;
  /** The version of the exercise whose checks these are. */
  readonly exerciseVersion: number;
}

export interface AllGraded extends LearnerResult {
  readonly exercises: readonly GradedFile[];
  readonly points: number;
  /** Points of all exercises there are, begun or not. */
  readonly of: number;
  /** TypeScript files in a lab's place that belong to no exercise: perhaps a name that was changed. */
  readonly unknownFiles: readonly string[];
}

export interface GradeAllOptions {
  readonly learner?: string | null | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (message: string) => void;
}

/**
 * Grades each exercise that has a file below `root`/backend-labs, one after another, since two at once would measure each
 * other. Once `signal` is aborted, the exercise under way and those behind it are `cancelled`, with the points of the checks that were
 * run to their end. Rejects with a HumanError where such a file cannot be read.
 */
export async function gradeAll(root: string, labs: readonly LabFolder[], host: RunnerHost, { learner = null, signal, onProgress }: GradeAllOptions): Promise<AllGraded> {
  const folders = labs.flatMap(({ exercises }) => exercises);
  const exercises: GradedFile[] = [];
  const notStarted: ExerciseFolder[] = [];
  // All are read first: one that cannot be is not to be found out after minutes.
  const sources = await Promise.all(folders.map((folder) => readLearnerFile(learnerPath(root, folder))));
  for (const [i, folder] of folders.entries()) {
    const path = learnerPath(root, folder);
    const source = sources[i] ?? null;
    if (source === null) {
      notStarted.push(folder);
      continue;
    }
    const name = `${folder.lab}/${folder.exercise.id}`;
    if (!signal.aborted) onProgress(name);
    const report = await gradeExercise({ exercise: folder, source, path }, host, { signal, onProgress: (check) => onProgress(`${name}: ${check}`) });
    exercises.push({ ...withoutEvidence(report), file: slashed(relative(root, path)), exerciseVersion: folder.exercise.version });
  }
  return {
    version: 1,
    learner,
    points: exercises.reduce((sum, { points }) => sum + points, 0),
    of: folders.reduce((sum, { exercise }) => sum + exercise.points, 0),
    exercises,
    notStarted: notStarted.map(({ lab, exercise }) => ({ lab, exercise: exercise.id, of: exercise.points })),
    unknownFiles: await filesOfNoExercise(root, labs, folders),
  };
}

async function filesOfNoExercise(root: string, labs: readonly LabFolder[], folders: readonly ExerciseFolder[]): Promise<string[]> {
  const found = await Promise.all(
    labs.map(async ({ lab }) => {
      const dir = join(root, LEARNER_FOLDER, lab.id);
      const names = await readdir(dir).catch((): string[] => []);
      return names.filter((name) => name.endsWith('.ts')).map((name) => join(dir, name));
    }),
  );
  return found.flat().filter((path) => !exerciseOf(path, folders)).map((path) => slashed(relative(root, path)));
}

/** The evidence is for the panel to play, and large. */
function withoutEvidence(report: ExerciseReport): Omit<ExerciseReport, 'evidence'> {
  const entries = Object.entries(report).filter(([name]) => name !== 'evidence');
  return Object.fromEntries(entries) as unknown as Omit<ExerciseReport, 'evidence'>;
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}
