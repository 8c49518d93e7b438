import { loadCatalog, type ExerciseFolder } from '../../catalog/catalog.ts';
import type { RunnerHost } from '../../runtime/runnerHost.ts';
import { contentFindings } from './content.ts';
import type { Finding } from './finding.ts';
import { GradeCache } from './gradeCache.ts';
import { gradedFindings } from './graded.ts';
import { simulatedFindings } from './simulated.ts';

export interface ValidateOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (message: string) => void;
  /** Null grades everything anew. */
  readonly cacheDir: string | null;
}

/** How many exercises that measure no time are graded at once: their programs mostly wait. */
const AT_ONCE = 3;

/**
 * Holds every lab in `dirs` to what a lab must be. Without a `host`, reads only; with one, grades each exercise's own files,
 * those that measure time one after another with nothing beside them, unless `cacheDir` has that they came to what they should,
 * all else being the same. Rejects with the signal's reason when cancelled.
 */
export async function validateLabs(dirs: readonly string[], host: RunnerHost | null, options: ValidateOptions): Promise<Finding[]> {
  const catalog = await loadCatalog(dirs);
  const broken = catalog.problems.map(({ folder, message }): Finding => ({ lab: folder, what: 'lab.json', problem: message }));
  const read = await Promise.all(catalog.labs.map(async (folder) => [...(await contentFindings(folder, catalog)), ...simulatedFindings(folder)]));
  if (!host) return [...broken, ...read.flat()];

  const cache = options.cacheDir === null ? null : new GradeCache(options.cacheDir, host);
  const graded = async (exercise: ExerciseFolder): Promise<Finding[]> => {
    const grade = (): Promise<Finding[]> => gradedFindings(exercise, host, options);
    return cache ? cache.findings(exercise, grade) : grade();
  };
  const exercises = catalog.labs.flatMap((folder) => folder.exercises);
  const untimed = await gradeAll(exercises.filter(({ exercise }) => !exercise.timing), AT_ONCE, graded);
  const timed = await gradeAll(exercises.filter(({ exercise }) => exercise.timing), 1, graded);
  return [...broken, ...read.flat(), ...untimed, ...timed];
}

/** Grades all of `exercises`, never more than `atOnce` at a time. */
async function gradeAll(exercises: readonly ExerciseFolder[], atOnce: number, grade: (exercise: ExerciseFolder) => Promise<Finding[]>): Promise<Finding[]> {
  const waiting = [...exercises];
  const findings: Finding[] = [];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) findings.push(...(await grade(next)));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return findings;
}
