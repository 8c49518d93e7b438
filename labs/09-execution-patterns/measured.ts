import type { ExperimentContext, LoadPlan, RunningServer } from 'backend-labs/kit';
import type { Pattern } from './plan.ts';
import type { Up } from './supervisor.ts';

/** One of the scenario's servers, as far as the experiment goes by it. */
export interface Backend {
  readonly id: string;
  readonly title: string;
  readonly settings: { readonly pattern: Pattern };
}

export interface Scenario {
  readonly common: LoadPlan['load'] & { readonly workers: number; readonly crash: { readonly worker: number; readonly at: number } | null };
  readonly backends: readonly Backend[];
}

/** Requests a worker before it counts: until the engine has compiled what they run. */
const WARM_UPS_EACH = 4;

/** Starts a server, and lets each of its workers serve some requests that do not count. */
export async function start(lab: ExperimentContext, server: RunningServer, pattern: Pattern, workers: number): Promise<Up> {
  const up = (await server.call('start', { pattern, workers })) as Up;
  const rounds = pattern === 'per-connection' ? 1 : WARM_UPS_EACH * (pattern === 'single' ? 1 : workers);
  for (let i = 0; i < rounds; i++) await lab.http(up.port, { path: '/' });
  return up;
}

/** What its processes have for themselves, in bytes; null where the system does not say. */
export async function memoryOf(lab: ExperimentContext, server: RunningServer): Promise<number | null> {
  const all = ((await server.call('pids')) as number[]).map((pid) => lab.memory(pid));
  return all.reduce<number | null>((sum, memory) => (sum === null || memory === null ? null : sum + memory.privateClean + memory.privateDirty), 0);
}

/** What asks for so much computing before and after so much I/O. */
export function workPath(iterations: number, ioMs: number, after: number): string {
  return `/?iterations=${Math.round(iterations)}&io=${ioMs}&after=${Math.round(after)}`;
}
