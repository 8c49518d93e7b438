import cluster from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { oneThread } from './oneThread.ts';
import type { Pattern, Plan, Running } from './plan.ts';
import { beConnectionProcess, processPerConnection } from './processPerConnection.ts';
import { beThread, threadPool } from './threadPool.ts';
import { beWorkerProcess, workerProcesses } from './workerProcesses.ts';
import { warmUp } from './work.ts';

/** This file, to be started as a program. */
export const programPath = fileURLToPath(import.meta.url);

const PATTERNS: Readonly<Record<Pattern, (plan: Plan, ready: (running: Running) => void) => void>> = {
  single: oneThread,
  primary: workerProcesses,
  'shared-listener': workerProcesses,
  reuseport: workerProcesses,
  'per-connection': processPerConnection,
  'thread-pool': threadPool,
};

function main(): void {
  if (!isMainThread) return beThread();
  if (cluster.isWorker) return beWorkerProcess();
  const plan = JSON.parse(process.argv[2] ?? '{}') as Plan | { readonly role: 'connection'; readonly place: number };
  if (plan.role === 'connection') return beConnectionProcess(plan.place);
  warmUp();
  PATTERNS[plan.pattern](plan, ({ port, pids }) => {
    process.on('message', () => process.send?.({ pids: pids() }));
    process.send?.({ listening: port, pids: pids() });
  });
}

// A module that only wants to know where it is does not start it.
if (process.argv[1] === programPath || !isMainThread) main();
