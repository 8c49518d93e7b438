import { experiment, type ExperimentContext, type LoadPlan, type LoadResult, type RunningServer } from 'backend-labs/kit';
import type { Pattern } from './plan.ts';
import type { CpuTime, Up } from './supervisor.ts';
import type { Answer } from './work.ts';

/** One of the scenario's servers, as far as the experiment goes by it. */
interface Backend {
  readonly id: string;
  readonly title: string;
  readonly settings: { readonly pattern: Pattern };
}

interface Scenario {
  readonly common: LoadPlan['load'] & { readonly workers: number; readonly crash: { readonly worker: number; readonly at: number } | null };
  readonly backends: readonly Backend[];
}

/** A request that got no answer by then is lost. */
const TIMEOUT_MS = 3000;
/** Requests a worker before it counts: until the engine has compiled what they run. */
const WARM_UPS_EACH = 4;
/** Above this share of the machine's processors in use by others, a difference says nothing. */
const OTHERS_SHARE = 0.15;
const EMPTY_REQUESTS = 12;
const CALIBRATION_SHARE = 0.08;
/** Processes that are made to see what one costs; ticks of 10 ms are a millisecond or so of each. */
const PROCESSES = 8;
/** What each of them computes: it has to compile its loop first, as each process has. */
const COMPUTED_MS = 2;
/** So long is waited for a process that was told to end. */
const END_MS = 2000;

/** Every pattern in turn under the same load, each from its own time 0: what is compared stands beside each other. */
export default experiment(
  async (lab) => {
    const { common, backends } = lab.scenario as unknown as Scenario;
    const possible = backends.filter(({ id, settings }) => canRun(lab, id, settings.pattern));
    lab.progress('Calibrating: what computing, a process and a thread cost here', 0);
    const iterationsPerMs = lab.calibrateBusyLoop();
    const server = await lab.startServer();
    await calibrate(lab, server, possible, iterationsPerMs);
    let othersCores = 0;
    for (const [place, backend] of possible.entries()) {
      lab.progress(`${backend.title}: ${common.requests} requests`, CALIBRATION_SHARE + ((1 - CALIBRATION_SHARE) * place) / possible.length);
      othersCores = Math.max(othersCores, await runBackend(lab, server, backend, common, iterationsPerMs));
    }
    if (othersCores > OTHERS_SHARE * lab.machine.cores) {
      lab.lacks('processors', `Other programs kept up to ${othersCores.toFixed(1)} of this machine’s ${lab.machine.cores} processors busy meanwhile, so the difference may be theirs. Run it again when less is running.`);
    }
    await server.stop();
  },
  { model: 'patterns' },
);

/** Node listens with SO_REUSEPORT from 22.12 and 23.1 on, and only where the system balances by it. */
function canRun(lab: ExperimentContext, id: string, pattern: Pattern): boolean {
  if (pattern !== 'reuseport') return true;
  const [major = 0, minor = 0] = lab.machine.node.split('.').map(Number);
  if (lab.machine.platform === 'linux' && (major > 23 || (major === 23 && minor >= 1) || (major === 22 && minor >= 12))) return true;
  lab.lacks('reuseport', `A listening socket for each worker (SO_REUSEPORT) takes Linux and Node 22.12 or later; this is Node ${lab.machine.node} on ${lab.machine.platform}. The pattern ${id} was simulated only.`);
  return false;
}

/** Runs one server under the load; gives the cores that others used meanwhile. */
async function runBackend(lab: ExperimentContext, server: RunningServer, { id, title, settings: { pattern } }: Backend, load: Scenario['common'], iterationsPerMs: number): Promise<number> {
  const { port } = await start(lab, server, pattern, load.workers);
  // A parent's children are there for one request each.
  const bytes = pattern === 'per-connection' ? null : await memoryOf(lab, server);
  const others = lab.watchOthers();
  lab.startBeside();
  lab.trace.add('backend', `${id}/server`, pattern === 'per-connection' ? 0 : pattern === 'single' ? 1 : load.workers, { title, pattern });
  const crashed = load.crash ? crashAt(lab, server, id, load.crash) : Promise.resolve();
  const ask: LoadPlan['ask'] = ({ cpuMs, ioMs, afterMs }) => ({ path: workPath(cpuMs * iterationsPerMs, ioMs, afterMs * iterationsPerMs), timeoutMs: TIMEOUT_MS });
  const results = await lab.openLoopLoad({ port, load, ask, prefix: `${id}/` });
  const cores = others.cores() ?? 0;
  await crashed;
  for (const result of results) record(lab, id, pattern, result);
  for (const atNs of (await server.call('restarts')) as number[]) lab.trace.add('respawn', `${id}/worker:0`, 0, undefined, atNs);
  if (bytes !== null) lab.trace.add('memory', `${id}/server`, bytes);
  await server.call('stop');
  return cores;
}

/** Starts a server, and lets each of its workers serve some requests that do not count. */
async function start(lab: ExperimentContext, server: RunningServer, pattern: Pattern, workers: number): Promise<Up> {
  const up = (await server.call('start', { pattern, workers })) as Up;
  const rounds = pattern === 'per-connection' ? 1 : WARM_UPS_EACH * (pattern === 'single' ? 1 : workers);
  for (let i = 0; i < rounds; i++) await lab.http(up.port, { path: '/' });
  return up;
}

/** What its processes have for themselves, in bytes; null where the system does not say. */
async function memoryOf(lab: ExperimentContext, server: RunningServer): Promise<number | null> {
  const all = ((await server.call('pids')) as number[]).map((pid) => lab.memory(pid));
  return all.reduce<number | null>((sum, memory) => (sum === null || memory === null ? null : sum + memory.privateClean + memory.privateDirty), 0);
}

async function crashAt(lab: ExperimentContext, server: RunningServer, id: string, { worker, at }: { readonly worker: number; readonly at: number }): Promise<void> {
  await lab.until(at);
  const atNs = (await server.call('crash', { worker })) as number;
  lab.trace.add('crash', `${id}/worker:${worker}`, 0, undefined, atNs);
}

function workPath(iterations: number, ioMs: number, after: number): string {
  return `/?iterations=${Math.round(iterations)}&io=${ioMs}&after=${Math.round(after)}`;
}

/** Records what the worker says it did, at its own times: the processes of a machine share its clock. */
function record(lab: ExperimentContext, id: string, pattern: Pattern, { request, answer }: LoadResult): void {
  if (answer.status !== 200) return;
  const { worker: place, startNs, ioNs, resumeNs } = JSON.parse(answer.body) as Answer;
  // A process that serves one connection has its request's number.
  const worker = pattern === 'per-connection' ? request.index : place;
  const entity = `${id}/request:${request.index}`;
  lab.trace.add('start', entity, worker, { class: request.className }, startNs);
  if (request.ioMs === 0) return;
  lab.trace.add('io', entity, worker, undefined, ioNs);
  const readyNs = ioNs + request.ioMs * 1e6;
  if (readyNs < resumeNs) lab.trace.add('ready', entity, worker, undefined, readyNs);
  lab.trace.add('resume', entity, worker, undefined, resumeNs);
}

/** What the prediction needs of this machine: its cores; CPU time for a new process and a new thread; memory of each. */
async function calibrate(lab: ExperimentContext, server: RunningServer, backends: readonly Backend[], iterationsPerMs: number): Promise<void> {
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
