import { Worker } from 'node:worker_threads';
import { RUN_MARK } from '../runtime/environment.ts';
import { removeRunFolder } from '../runtime/runFolder.ts';
import { endStrays } from '../runtime/strays.ts';
import { HumanError } from '../shared/errors.ts';
import type { FromRunner, RunnerTask } from '../shared/rpc.ts';
import type { JobContext } from './jobContext.ts';
import { stackOfLab } from './moduleFolder.ts';
import type { WatchdogData } from './watchdog.ts';

/** The leader of a run: takes the one job that the host sends, does it, and ends. */
export function runJob(): void {
  ignoreDebuggingSignal();
  const stop = new AbortController();
  process.once('SIGTERM', () => stop.abort());
  process.once('disconnect', () => stop.abort());
  process.once('message', (message: RunnerTask) => void work(message, stop.signal));
}

/** By SIGUSR1 Node opens an inspector to anybody on this machine: the program that is graded could make up its verdict. */
function ignoreDebuggingSignal(): void {
  if (process.platform !== 'win32') process.on('SIGUSR1', () => undefined);
}

async function work({ job, folder }: RunnerTask, signal: AbortSignal): Promise<void> {
  const runId = process.env[RUN_MARK] ?? '';
  startWatchdog({ runId, folder, leaderPid: process.pid, parentPid: Number(process.argv[2]), answersOnPipe: false, tellsWhenHeld: false });
  const context: JobContext = { runId, folder, signal, send };
  try {
    if (job.type === 'experiment') await (await import('./experimentJob.ts')).runExperimentJob(job, context);
    else if (job.type === 'serve') await (await import('./serveJob.ts')).runServeJob(job, context);
    else await (await import('./checkJob.ts')).runCheckJob(job, context);
  } catch (error) {
    if (!signal.aborted) send(failure(error, job.labDir, folder));
  }
  await flushed;
  if (!process.connected) {
    // The host is gone, and with it who would tidy up.
    await endStrays({ runId, folder });
    await removeRunFolder(folder);
  }
  process.exit(0);
}

function startWatchdog(workerData: WatchdogData): void {
  const watchdog = new Worker(process.argv[1] as string, { workerData, execArgv: [], argv: [] });
  watchdog.unref();
}

let flushed: Promise<void> = Promise.resolve();

function send(message: FromRunner): void {
  if (!process.connected) return;
  flushed = new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()));
}

function failure(error: unknown, labDir: string, folder: string): FromRunner {
  if (!(error instanceof Error)) return { type: 'failed', message: String(error), human: false, stack: '' };
  return { type: 'failed', message: error.message, human: error instanceof HumanError, stack: stackOfLab(error.stack ?? '', labDir, folder) };
}
