import { isMainThread, workerData } from 'node:worker_threads';
import type { ThreadData } from './kit/threads/messages.ts';
import type { WatchdogData } from './kit/watchdog.ts';

/**
 * The supervised process: the only place where lab code and learner code are loaded. Started by a host it leads a run and
 * does one job; started by such a leader it is one of the run's programs; as a thread it is the watchdog of either, or one of
 * the threads of a `threads.ts`.
 * What a role does not need is not loaded.
 */
async function main(): Promise<void> {
  const [, , , program] = process.argv;
  if (!isMainThread && isThread(workerData)) await (await import('./kit/threads/thread.ts')).runThread(workerData);
  else if (!isMainThread) (await import('./kit/watchdog.ts')).watch(workerData as WatchdogData);
  else if (program !== undefined) await (await import('./kit/runProgram.ts')).runProgram(program);
  else (await import('./kit/runJob.ts')).runJob();
}

function isThread(data: unknown): data is ThreadData {
  return typeof data === 'object' && data !== null && 'role' in data && data.role === 'thread';
}

void main();
