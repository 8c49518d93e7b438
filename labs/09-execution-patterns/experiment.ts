import { experiment, type ExperimentContext, type LoadPlan, type LoadResult, type RunningServer } from 'backend-labs/kit';
import { calibrate } from './calibrate.ts';
import { memoryOf, start, workPath, type Backend, type Scenario } from './measured.ts';
import type { Pattern } from './plan.ts';
import type { Answer } from './work.ts';

/** A request that got no answer by then is lost. */
const TIMEOUT_MS = 3000;
/** Above this share of the machine's processors in use by others, a difference says nothing. */
const OTHERS_SHARE = 0.15;
const CALIBRATION_SHARE = 0.08;

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
  // At time 0 exactly: the servers are drawn in the order of these rows, as the predicted ones are.
  lab.trace.add('backend', `${id}/server`, pattern === 'per-connection' ? 0 : pattern === 'single' ? 1 : load.workers, { title, pattern }, lab.trace.startNs);
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

async function crashAt(lab: ExperimentContext, server: RunningServer, id: string, { worker, at }: { readonly worker: number; readonly at: number }): Promise<void> {
  await lab.until(at);
  const atNs = (await server.call('crash', { worker })) as number;
  lab.trace.add('crash', `${id}/worker:${worker}`, 0, undefined, atNs);
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
