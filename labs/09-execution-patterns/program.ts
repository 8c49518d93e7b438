import cluster from 'node:cluster';
import type { AddressInfo, Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { oneThread } from './oneThread.ts';
import { beConnectionProcess, processPerConnection } from './processPerConnection.ts';
import { beThread, threadPool } from './threadPool.ts';
import { beWorkerProcess, workerProcesses } from './workerProcesses.ts';
import { warmUp } from './work.ts';

/** The patterns that Node can be. The seventh, one thread and a fork for its backup, takes a fork(2) that copies: see the README. */
export type Pattern = 'single' | 'primary' | 'shared-listener' | 'reuseport' | 'per-connection' | 'thread-pool';

/** What a server is to be. */
export interface Plan {
  readonly role: 'server';
  readonly pattern: Pattern;
  readonly workers: number;
  /** 0 for any. */
  readonly port: number;
}

/** A server that listens. */
export interface Running {
  readonly port: number;
  /** Its processes as they are now, the first one first. */
  readonly pids: () => readonly number[];
}

/** Where a server listens. */
export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

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
