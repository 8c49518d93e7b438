import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FromRunner, RunnerJob, RunnerTask } from '../shared/rpc.ts';
import { type CapExceeded, readWord } from './caps.ts';
import { runEnvironment } from './environment.ts';
import { OutputTail } from './outputTail.ts';
import { readProcess } from './processTable.ts';
import { createRunFolder, removeRunFolder, removeStaleFolders } from './runFolder.ts';
import type { RunnerHost } from './runnerHost.ts';
import { endStrays, signalProcess } from './strays.ts';

export interface SuperviseOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the run is ended by force; null for one that stays up until it is stopped. */
  readonly deadlineMs: number | null;
  readonly onMessage: (message: FromRunner) => void;
  /** A command that replaces itself by the command behind it: `unshare` and its arguments. */
  readonly enter?: readonly string[] | undefined;
}

/** How a run ended. Nothing of it is left when this is known. */
export interface RunnerEnd {
  readonly reason: 'finished' | 'stopped' | 'cancelled' | 'deadline';
  readonly exitCode: number | null;
  readonly exitSignal: NodeJS.Signals | null;
  /** True where the runner had been stopped (SIGSTOP) when its time was over. */
  readonly halted: boolean;
  /** What the runner itself printed (lab code's console, Node's own last words). */
  readonly log: string;
  /** Set where the run was ended for taking too much. */
  readonly exceeded: CapExceeded | null;
  /** Processes that had left the run's process group and were ended by their mark. */
  readonly strays: number;
}

export interface SupervisedRunner {
  readonly pid: number;
  readonly ended: Promise<RunnerEnd>;
  /** Ends the run, and resolves when nothing is left of it. */
  stop(): Promise<RunnerEnd>;
}

/** From SIGTERM to SIGKILL. */
const GRACE_MS = 300;
const CLOSE_MS = 1000;
const LOG_BYTES = 64 * 1024;
const HEAP_MB = 512;

let staleRemoved: Promise<unknown> | undefined;

/**
 * Starts a runner as the leader of a process group of its own, gives it its job, and sees to it that nothing is left of it:
 * at its end, at the deadline and when cancelled the whole group is ended, then what left the group, then its folder.
 * Rejects when the process cannot be started.
 */
export async function superviseRunner(job: RunnerJob, host: RunnerHost, options: SuperviseOptions): Promise<SupervisedRunner> {
  options.signal?.throwIfAborted();
  staleRemoved ??= removeStaleFolders();
  const runId = randomBytes(12).toString('hex');
  const folder = await createRunFolder(runId);
  try {
    const child = await started(spawnRunner(host, runId, folder, options.enter ?? []));
    return supervised(child, { runId, folder }, { folder, job }, options);
  } catch (error) {
    await removeRunFolder(folder);
    throw error;
  }
}

function spawnRunner(host: RunnerHost, runId: string, folder: string, enter: readonly string[]): ChildProcess {
  const [command, ...args] = [...enter, host.execPath, `--max-old-space-size=${HEAP_MB}`, host.runnerPath, String(process.pid)];
  return spawn(command, args, {
    cwd: folder,
    env: runEnvironment(host, runId, folder),
    // It leads a group of its own, so that one signal reaches whatever it starts.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    windowsHide: true,
  });
}

function started(child: ChildProcess): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => {
      child.off('error', reject);
      resolve(child);
    });
  });
}

function supervised(child: ChildProcess, run: { runId: string; folder: string }, task: RunnerTask, options: SuperviseOptions): SupervisedRunner {
  const pid = child.pid as number;
  const log = new OutputTail(LOG_BYTES);
  let reason: RunnerEnd['reason'] = 'finished';
  let killer: NodeJS.Timeout | undefined;
  let exited = false;
  let halted = false;

  const end = (why: RunnerEnd['reason']): void => {
    // Once it is gone, its pid may be anybody's.
    if (killer || exited) return;
    reason = why;
    halted = readProcess(pid)?.state === 'T';
    signalGroup(pid, 'SIGTERM');
    killer = setTimeout(() => signalGroup(pid, 'SIGKILL'), halted ? 0 : GRACE_MS);
  };
  const cancel = (): void => end('cancelled');
  const deadline = options.deadlineMs === null ? undefined : setTimeout(() => end('deadline'), options.deadlineMs);
  options.signal?.addEventListener('abort', cancel, { once: true });
  if (options.signal?.aborted) cancel();

  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => log.add(chunk));
  child.on('message', (message) => options.onMessage(message as FromRunner));
  // A channel that breaks while we write is an exit that we are about to hear of.
  child.on('error', () => undefined);
  child.send(task, () => undefined);

  const ended = new Promise<RunnerEnd>((resolve) => {
    child.once('exit', (exitCode, exitSignal) => {
      exited = true;
      clearTimeout(deadline);
      clearTimeout(killer);
      options.signal?.removeEventListener('abort', cancel);
      signalGroup(pid, 'SIGKILL');
      void cleanUp().then((found) => resolve({ reason, exitCode, exitSignal, halted, log: log.text(), ...found }));
    });
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  const cleanUp = async (): Promise<Pick<RunnerEnd, 'strays' | 'exceeded'>> => {
    const { met: strays } = await endStrays(run);
    // The last messages are in the channel until it closes. Where strays cannot be found, one may hold it open.
    await Promise.race([closed, sleep(CLOSE_MS)]);
    for (const stream of [child.stdout, child.stderr]) stream?.destroy();
    if (child.connected) child.disconnect();
    const exceeded = readWord(run.folder);
    await removeRunFolder(run.folder);
    return { strays, exceeded };
  };
  return { pid, ended, stop: () => (end('stopped'), ended) };
}

/** Signals a whole process group by its leader; on Windows, which has none, ends the leader's process tree. */
function signalGroup(leader: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (process.platform !== 'win32') signalProcess(-leader, signal);
  else if (signal === 'SIGKILL') spawn('taskkill', ['/PID', String(leader), '/T', '/F'], { windowsHide: true, stdio: 'ignore' }).unref();
  else signalProcess(leader, signal);
}
