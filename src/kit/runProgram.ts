import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ToProgram } from '../shared/rpc.ts';
import { isDefinition } from './definition.ts';
import { LabServerHandlers } from './labServerHandlers.ts';
import { monotonicNs } from '../runtime/monotonicNs.ts';
import { observeCrashes, observeExit, observeListening } from './observeProgram.ts';
import { tell } from './programPipe.ts';
import type { ProgramSpec } from './programSpec.ts';
import type { WatchdogData } from './watchdog.ts';
import type { ToMainThread } from './watchdogPipe.ts';

type Call = Extract<ToProgram, { type: 'call' }>;

/** A program's process: observes it from inside as little as can be, and becomes it. */
export async function runProgram(specText: string): Promise<void> {
  const spec = JSON.parse(specText) as ProgramSpec;
  const [, runnerPath = ''] = process.argv;
  const leaderPid = Number(process.argv[2]);
  // So that the program finds what any Node program finds, and cluster.fork() starts the program again.
  process.argv.splice(1, process.argv.length, spec.entry);
  process.execArgv.length = 0;
  Error.stackTraceLimit = 30;

  const handlers = new LabServerHandlers(spec.values);
  startWatchdog(runnerPath, leaderPid, spec, (call) => void answer(call, handlers));
  observeListening();
  observeCrashes();
  observeExit();
  if (spec.kind === 'plain') becomeProgram(spec.entry);
  else await becomeServer(spec.entry, handlers);
}

async function becomeServer(entry: string, handlers: LabServerHandlers): Promise<void> {
  const loaded = (await import(pathToFileURL(entry).href)) as { default?: unknown };
  if (!isDefinition(loaded.default, 'server')) throw new TypeError('server.ts must export default server((lab) => { … }) of backend-labs/kit.');
  await loaded.default.run(handlers);
}

/** What its module throws while it loads is not caught by anybody, as in any program. */
function becomeProgram(entry: string): void {
  import(pathToFileURL(entry).href).catch((error: unknown) => {
    queueMicrotask(() => {
      throw error;
    });
  });
}

function startWatchdog(runnerPath: string, leaderPid: number, { runId, folder }: ProgramSpec, onCall: (call: Call) => void): void {
  const workerData: WatchdogData = { runId, folder, leaderPid, parentPid: leaderPid, answersOnPipe: true };
  const watchdog = new Worker(runnerPath, { workerData, execArgv: [], argv: [] });
  watchdog.on('message', (message: ToMainThread) => {
    if (message.type === 'ping') watchdog.postMessage('pong');
    else onCall(message);
  });
  // It must not keep a program alive that has nothing else to do.
  watchdog.unref();
}

async function answer({ id, method, params }: Call, handlers: LabServerHandlers): Promise<void> {
  try {
    if (method === 'block-loop') {
      blockLoop(id, Number((params as { milliseconds?: unknown }).milliseconds));
      return;
    }
    tell({ type: 'answered', id, result: (await handlers.call(method, params)) ?? null, atNs: monotonicNs() });
  } catch (error) {
    tell({ type: 'refused', id, message: error instanceof Error ? error.message : String(error) });
  }
}

/** Answers first: nothing is answered while the loop is busy. */
function blockLoop(id: number, milliseconds: number): void {
  const beginNs = monotonicNs();
  tell({ type: 'answered', id, result: null, atNs: beginNs });
  while (monotonicNs() - beginNs < milliseconds * 1e6);
}
