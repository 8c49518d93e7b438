import { loadCatalog } from '../../catalog/catalog.ts';
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

/**
 * Holds every lab in `dirs` to what a lab must be. Without a `host`, reads only; with one, grades each exercise's own files,
 * one after another, unless `cacheDir` has that they came to what they should, all else being the same. Rejects with the signal's reason when cancelled.
 */
export async function validateLabs(dirs: readonly string[], host: RunnerHost | null, options: ValidateOptions): Promise<Finding[]> {
  const catalog = await loadCatalog(dirs);
  const findings: Finding[] = catalog.problems.map(({ folder, message }) => ({ lab: folder, what: 'lab.json', problem: message }));
  const cache = host && options.cacheDir !== null ? new GradeCache(options.cacheDir, host) : null;
  for (const folder of catalog.labs) {
    findings.push(...(await contentFindings(folder, catalog)), ...simulatedFindings(folder));
    if (!host) continue;
    for (const exercise of folder.exercises) {
      const grade = (): Promise<Finding[]> => gradedFindings(exercise, host, options);
      findings.push(...(await (cache?.findings(exercise, grade) ?? grade())));
    }
  }
  return findings;
}
