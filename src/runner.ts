import { isMainThread, workerData } from 'node:worker_threads';
import type { WatchdogData } from './kit/watchdog.ts';

/**
 * The supervised process: the only place where lab code and learner code are loaded. Started by a host it leads a run and
 * does one job; started by such a leader it is one of the run's programs; as a thread it is the watchdog of either.
 * What a role does not need is not loaded.
 */
async function main(): Promise<void> {
  const [, , , program] = process.argv;
  if (!isMainThread) (await import('./kit/watchdog.ts')).watch(workerData as WatchdogData);
  else if (program !== undefined) await (await import('./kit/runProgram.ts')).runProgram(program);
  else (await import('./kit/runJob.ts')).runJob();
}

void main();
