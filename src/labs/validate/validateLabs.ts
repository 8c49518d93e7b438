import { loadCatalog } from '../../catalog/catalog.ts';
import type { RunnerHost } from '../../runtime/runnerHost.ts';
import { contentFindings } from './content.ts';
import type { Finding } from './finding.ts';
import { gradedFindings } from './graded.ts';
import { simulatedFindings } from './simulated.ts';

/**
 * Holds every lab in `dirs` to what a lab must be. Without a `host`, reads only; with one, grades each exercise's own files,
 * one after another. Rejects with the signal's reason when cancelled.
 */
export async function validateLabs(dirs: readonly string[], host: RunnerHost | null, options: { signal: AbortSignal; onProgress: (message: string) => void }): Promise<Finding[]> {
  const catalog = await loadCatalog(dirs);
  const findings: Finding[] = catalog.problems.map(({ folder, message }) => ({ lab: folder, what: 'lab.json', problem: message }));
  for (const folder of catalog.labs) {
    findings.push(...(await contentFindings(folder, catalog)), ...simulatedFindings(folder));
    if (!host) continue;
    for (const exercise of folder.exercises) findings.push(...(await gradedFindings(exercise, host, options)));
  }
  return findings;
}
