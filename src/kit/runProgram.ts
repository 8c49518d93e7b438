import { once } from 'node:events';
import inspector from 'node:inspector';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { isDefinition } from './definition.ts';
import { LabServerHandlers } from './labServerHandlers.ts';
import { observeCrashes, observeExit, observeListening } from './observeProgram.ts';
import { answerCall, type ProgramControls } from './programControls.ts';
import { tell } from './programPipe.ts';
import type { ProgramSpec } from './programSpec.ts';
import { ProgramWorkers } from './programWorkers.ts';
import { countStatements } from './statements.ts';
import { threadCalls } from './threads/calls.ts';
import type { WatchdogData } from './watchdog.ts';
import type { FromMainThread, ToMainThread } from './watchdogPipe.ts';

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
  const watchdog = startWatchdog(runnerPath, leaderPid, spec);
  const controls: ProgramControls = {
    workers: new ProgramWorkers(watchdog),
    statements: spec.countStatements ? countStatements(spec.scriptUrl) : null,
    call: spec.kind === 'threads' ? threadCalls(spec, runnerPath) : (method, params) => handlers.call(method, params),
  };
  watchdog.on('message', (message: ToMainThread) => {
    if (message.type === 'ping') watchdog.postMessage('pong' satisfies FromMainThread);
    else if (message.type === 'call') void answerCall(message, controls);
  });
  // Until it runs, it asks for the working folder, which a program may change to one that has no name.
  await once(watchdog, 'online');
  // It must not keep a program alive that has nothing else to do, unless that waits for calls.
  if (spec.kind !== 'threads') watchdog.unref();
  observeListening();
  observeCrashes();
  observeExit();
  if (spec.debug) waitForDebugger(watchdog);
  if (spec.kind === 'plain') becomeProgram(spec.entry);
  else if (spec.kind === 'server') await becomeServer(spec.entry, handlers);
  else tell({ type: 'ready' });
}

/** Waits until a debugger is there and has set its breakpoints. */
function waitForDebugger(watchdog: Worker): void {
  tell({ type: 'inspecting', port: Number(new URL(inspector.url() ?? '').port) });
  inspector.waitForDebugger();
  tell({ type: 'released' });
  watchdog.postMessage('follow' satisfies FromMainThread);
}

async function becomeServer(entry: string, handlers: LabServerHandlers): Promise<void> {
  const loaded = (await import(pathToFileURL(entry).href)) as { default?: unknown };
  if (!isDefinition(loaded.default, 'server')) throw new TypeError('server.ts must export default server((lab) => { … }) of backend-labs/kit.');
  await loaded.default.run(handlers);
}

/** What its module throws while it loads is not caught by anybody, as in any program. */
function becomeProgram(entry: string): void {
  import(pathToFileURL(entry).href).then(
    () => tell({ type: 'loaded' }),
    (error: unknown) =>
      queueMicrotask(() => {
        throw error;
      }),
  );
}

function startWatchdog(runnerPath: string, leaderPid: number, { runId, folder, debug }: ProgramSpec): Worker {
  const workerData: WatchdogData = { runId, folder, leaderPid, parentPid: leaderPid, answersOnPipe: true, tellsWhenHeld: debug };
  // By its name a debugger shows it.
  return new Worker(runnerPath, { workerData, execArgv: [], argv: [], name: 'watchdog' });
}
