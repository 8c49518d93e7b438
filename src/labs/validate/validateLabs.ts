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

/** How many exercises that measure no time are graded beside one that does: a verdict on time leaves out what others had of the cores. */
const BESIDE = 1;

/**
 * Holds every lab in `dirs` to what a lab must be. Without a `host`, reads only; with one, grades each exercise's own files,
 * those that measure time one after another, unless `cacheDir` has that they came to what they should, all else being the same. Rejects with the signal's reason when cancelled.
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
  const [timed, untimed] = [true, false].map((timing) => exercises.filter(({ exercise }) => (exercise.timing ?? false) === timing));
  const lane = async (waiting: ExerciseFolder[] = []): Promise<Finding[]> => {
    const findings: Finding[] = [];
    for (let next = waiting.shift(); next; next = waiting.shift()) findings.push(...(await graded(next)));
    return findings;
  };
  const found = await Promise.all([lane(timed), ...Array.from({ length: BESIDE }, () => lane(untimed))]);
  return [...broken, ...read.flat(), ...found.flat()];
}
