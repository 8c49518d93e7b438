import { readFileSync } from 'node:fs';
import type { ExperimentContext, LoadPlan, RunningServer } from 'backend-labs/kit';

const WORKERS = [1, 2, 4] as const;
/** With so many of them one is killed. */
const CRASH_WORKERS = 2;
const WARM_UPS = 4;
const TIMEOUT_MS = 30_000;
/** From so much on, what other work took is too large a part to be left out of the reckoning. */
const LOST_SHARE = 0.5;
/** Less than this is not told from noise. */
const TOLD_SHARE = 0.05;
/** USER_HZ, in which /proc/stat counts, is 100 on every architecture that Node has. */
const TICK_NS = 1e7;
const REPLACED_MS = 5000;

/** Fields of a patterns scenario, as far as the experiment goes by them. */
type Scenario = LoadPlan['load'] & { readonly crash?: { readonly at: number } };

/** The same requests for a cluster of 1, 2 and 4 workers; what it takes in memory; and a worker killed while it serves. */
export async function runWorkers(lab: ExperimentContext): Promise<void> {
  let lostShare = 0;
  for (const [place, workers] of WORKERS.entries()) {
    lab.progress(`A cluster of ${workers} ${workers === 1 ? 'worker' : 'workers'}`, 0.35 + 0.2 * place);
    lab.found(`/parts/cluster-${workers}/cores`, lab.machine.cores);
    const server = await lab.startServer({ ...lab.values, workers });
    await server.call('ready');
    lostShare = Math.max(lostShare, await runLoad(lab, server, workers));
    if (workers === CRASH_WORKERS) await runCrash(lab, server);
    await server.stop();
  }
  const percent = Math.round(lostShare * 100);
  if (lostShare > LOST_SHARE) lab.lacks('processors', `Other work on this machine took up to ${percent} % of the processor time that the workers were ready to use: too much to decide by. Run it again when less is running.`);
  else if (lostShare > TOLD_SHARE) lab.note(`Other work on this machine took up to ${percent} % of the processor time that the workers were ready to use. The clock by which answers are counted leaves that out.`);
}

/** Resolves to the share of the workers' processor time that went to others, by which the part's clock goes slower. */
async function runLoad(lab: ExperimentContext, server: RunningServer, workers: number): Promise<number> {
  const id = `cluster-${workers}`;
  const { scenario, trace } = lab.part(id);
  const load = scenario as unknown as Scenario;
  const plan: LoadPlan = { port: server.port, load, ask: ({ cpuMs }) => ({ path: `/work?cpu=${cpuMs}`, timeoutMs: TIMEOUT_MS }) };
  // Runs the code in, here and in each worker.
  await Promise.all(Array.from({ length: WARM_UPS * workers }, () => fetch(`http://127.0.0.1:${server.port}/work?cpu=2`, { signal: lab.signal })));
  const pids = (await server.call('pids')) as number[];
  const before = readUse(server.pid, pids);
  trace.start();
  await lab.openLoopLoad(plan, id);
  const elapsedNs = trace.nowNs();
  const lostNs = lostToOthers(before, readUse(server.pid, pids), Math.min(workers, lab.machine.cores) * elapsedNs);
  const share = lostNs / (Math.min(workers, lab.machine.cores) * elapsedNs);
  trace.start(trace.startNs + Math.round(share * elapsedNs));
  recordMemory(lab, server.pid, pids, trace);
  return share;
}

/** Use of the processors in nanoseconds, as far as the kernel tells. */
interface Use {
  /** How long the workers ran (/proc/PID/schedstat). */
  readonly ranNs: number;
  /** How long they, the primary and this process were ready to run and had no core: a worker also waits for who hands it requests. */
  readonly waitedNs: number;
  readonly primaryNs: number;
  /** Of everybody (/proc/stat), what a hypervisor took included. */
  readonly allNs: number;
}

/** Null where the system does not say. */
function readUse(primaryPid: number, pids: readonly number[]): Use | null {
  try {
    const schedules = [process.pid, primaryPid, ...pids].map((pid) => readFileSync(`/proc/${pid}/schedstat`, 'latin1').split(' ').map(Number));
    const sum = (field: number, of: readonly (readonly number[])[]): number => of.reduce((total, fields) => total + (fields[field] ?? NaN), 0);
    const [, userTicks = 0, nice = 0, kernel = 0, , , irq = 0, softirq = 0, steal = 0] = (readFileSync('/proc/stat', 'latin1').split('\n')[0] ?? '').split(/\s+/).map(Number);
    return { ranNs: sum(0, schedules.slice(2)), waitedNs: sum(1, schedules), primaryNs: schedules[1]?.[0] ?? NaN, allNs: (userTicks + nice + kernel + irq + softirq + steal) * TICK_NS };
  } catch {
    return null;
  }
}

/**
 * Nanoseconds on a core that others had while a worker could have used it: no more than somebody of ours was ready for, than the
 * workers did not have, and than others really used. Workers that slept, or stood in each other's way beside an idle core, have lost nothing.
 */
function lostToOthers(before: Use | null, after: Use | null, possibleNs: number): number {
  if (!before || !after) return 0;
  const grown = (field: keyof Use): number => after[field] - before[field];
  // This process is among them: it stands in for clients, which would be on machines of their own.
  const others = grown('allNs') - grown('ranNs') - grown('primaryNs');
  return Math.max(0, Math.min(grown('waitedNs'), possibleNs - grown('ranNs'), others));
}

/** What primary and workers take together, shared pages by share; from one worker it is learnt what each further one adds. */
function recordMemory(lab: ExperimentContext, primaryPid: number, pids: readonly number[], trace: ReturnType<ExperimentContext['part']>['trace']): void {
  const all = [primaryPid, ...pids].map((pid) => lab.memory(pid));
  const total = all.reduce((sum, memory) => sum + (memory?.pss ?? NaN), 0);
  const [, one] = all;
  if (!one || Number.isNaN(total)) return lab.lacks('memory', 'What processes have in memory is in /proc/PID/smaps_rollup, which is not to be read here.');
  trace.add('memory', 'server', total);
  if (pids.length > 1) return;
  const own = one.privateClean + one.privateDirty;
  for (const workers of WORKERS) {
    lab.found(`/parts/cluster-${workers}/worker_memory_kb`, own / 1024);
    lab.found(`/parts/cluster-${workers}/shared_kb`, (total - own) / 1024);
  }
  lab.note(`Learnt from the cluster of one worker, for the prediction of the others: a worker has ${mebibytes(own)} that nobody shares, of ${mebibytes(one.rss)} resident.`);
}

/** Requests are in progress at both workers when one of them is killed. */
async function runCrash(lab: ExperimentContext, server: RunningServer): Promise<void> {
  const { scenario, trace } = lab.part('crash');
  const load = scenario as unknown as Scenario;
  lab.progress('A worker is killed while it serves', 0.7);
  trace.start();
  const killed = sleepUntil(trace, load.crash?.at ?? 0).then(async () => {
    const atNs = trace.nowNs();
    trace.add('crash', 'worker:1');
    await server.call('kill');
    return atNs;
  });
  await lab.openLoopLoad({ port: server.port, load, ask: ({ ioMs }) => ({ path: `/work?io=${ioMs}`, timeoutMs: TIMEOUT_MS }) }, 'crash');
  const killedNs = trace.startNs + (await killed);
  for (const limit = trace.nowNs() + REPLACED_MS * 1e6; trace.nowNs() < limit; await new Promise((resolve) => setTimeout(resolve, 5))) {
    const replacedNs = (await server.call('replaced')) as number;
    if (replacedNs === 0) continue;
    trace.add('respawn', 'worker:1', 0, undefined, replacedNs);
    lab.note(`The replacement of the killed worker listened ${Math.round((replacedNs - killedNs) / 1e6)} ms after the kill.`);
    return;
  }
}

function sleepUntil(trace: { nowNs(): number }, atMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, atMs - trace.nowNs() / 1e6)));
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2)} MiB`;
}
