import type { ExperimentContext, RunningServer } from 'backend-labs/kit';
import { memoryOf, start, workPath, type Backend, type Scenario } from './measured.ts';
import type { Pattern } from './plan.ts';
import type { CpuTime, Up } from './supervisor.ts';
import type { Answer } from './work.ts';

const EMPTY_REQUESTS = 12;
/** Processes that are made to see what one costs; ticks of 10 ms are a millisecond or so of each. */
const PROCESSES = 8;
/** What each of them computes: it has to compile its loop first, as each process has. */
const COMPUTED_MS = 2;
/** So long is waited for a process that was told to end. */
const END_MS = 2000;

/** What the prediction needs of this machine: its cores; CPU time for a new process and a new thread; memory of each. */
export async function calibrate(lab: ExperimentContext, server: RunningServer, backends: readonly Backend[], iterationsPerMs: number): Promise<void> {
  const at = (pattern: Pattern): string => `/backends/${(lab.scenario as unknown as Scenario).backends.findIndex(({ settings }) => settings.pattern === pattern)}/settings`;
  const has = (pattern: Pattern): boolean => backends.some(({ settings }) => settings.pattern === pattern);
  lab.found('/common/cores', lab.machine.cores);

  const process = await costOfProcess(lab, server, iterationsPerMs);
  for (const pattern of ['single', 'primary', 'shared-listener', 'reuseport', 'per-connection', 'thread-pool'] as const) if (has(pattern)) lab.found(`${at(pattern)}/spawn_cost`, process.startMs);

  const { port: emptyPort } = await start(lab, server, 'single', 1);
  const emptyMs: number[] = [];
  for (let i = 0; i < EMPTY_REQUESTS; i++) emptyMs.push((await lab.http(emptyPort, { path: '/' })).totalMs);
  // To connect, be read and be answered: what a request costs that asks for nothing.
  const acceptMs = emptyMs.toSorted((a, b) => a - b)[Math.floor(EMPTY_REQUESTS / 4)] as number;
  lab.found('/common/accept_cost', acceptMs);
  if (has('per-connection')) {
    lab.found(`${at('per-connection')}/accept_cost`, acceptMs + process.parentMs);
    lab.found(`${at('per-connection')}/exit_cost`, process.endMs);
  }
  const processBytes = await memoryOf(lab, server);
  await start(lab, server, 'thread-pool', 2);
  const poolBytes = await memoryOf(lab, server);
  if (processBytes === null || poolBytes === null) return;
  const [processKb, threadKb] = [processBytes / 1024, Math.max(0, poolBytes - processBytes) / 1024 / 2];
  const memory = (pattern: Pattern, sharedKb: number, workerKb: number): void => {
    if (!has(pattern)) return;
    lab.found(`${at(pattern)}/shared_kb`, sharedKb);
    lab.found(`${at(pattern)}/worker_memory_kb`, workerKb);
  };
  memory('single', 0, processKb);
  for (const pattern of ['primary', 'shared-listener', 'reuseport'] as const) memory(pattern, processKb, processKb);
  memory('per-connection', processKb, 0);
  memory('thread-pool', processKb, threadKb);
}

/** CPU time of a process for one request: in its parent, until it answers, and after that. */
async function costOfProcess(lab: ExperimentContext, server: RunningServer, iterationsPerMs: number): Promise<{ parentMs: number; startMs: number; endMs: number }> {
  const { port } = (await server.call('start', { pattern: 'per-connection', workers: 1 })) as Up;
  const cpuTime = async (): Promise<CpuTime | null> => {
    for (let waited = 0; waited < END_MS && ((await server.call('pids')) as number[]).length > 1; waited += 10) await new Promise((resolve) => setTimeout(resolve, 10));
    return (await server.call('cpu-time')) as CpuTime | null;
  };
  const before = await cpuTime();
  const answered: number[] = [];
  for (let i = 0; i < PROCESSES; i++) answered.push((JSON.parse((await lab.http(port, { path: workPath(COMPUTED_MS * iterationsPerMs, 0, 0) })).body) as Answer).cpuMs);
  const after = await cpuTime();
  const startMs = (answered.toSorted((a, b) => a - b)[Math.floor(PROCESSES / 2)] as number) - COMPUTED_MS;
  if (!before || !after) return { parentMs: 0, startMs, endMs: 0 };
  const endedMs = after.ended - before.ended - answered.reduce((sum, ms) => sum + ms, 0);
  return { parentMs: (after.own - before.own) / PROCESSES, startMs, endMs: Math.max(0, endedMs) / PROCESSES };
}
