import { createServer, type AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import type { FromProgram } from '../shared/rpc.ts';
import type { JobContext } from './jobContext.ts';
import type { LearnerFile } from './learnerFile.ts';
import { ProgramProcess } from './programProcess.ts';
import { endedBeforeListening, hungBeforeListening, listensElsewhere, neverListened } from './sentences.ts';

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** So that it can be killed between two of its statements; each then takes some microseconds more. */
  readonly countStatements?: boolean;
}

export interface StartedLearner {
  readonly process: ProgramProcess;
  readonly port: number;
}

/** Far more than a program needs to start; one that has not listened by then does not. */
const START_MS = 4000;
/** After it listened elsewhere, it may still come to listen where it should. */
const ELSEWHERE_MS = 300;
const PATIENCE_MS = 250;
const LOOPBACK = ['127.0.0.1', '0.0.0.0', '::'];

/**
 * Starts the learner's program and waits until it listens on PORT; `started` is told of the process at once, and
 * gives what forgets it where another takes its place. Throws a CheckFailure that says what went wrong.
 */
export async function startLearner(
  file: LearnerFile,
  context: JobContext,
  { env = {}, countStatements = false, mayStartProcesses, debug }: StartOptions & { readonly mayStartProcesses: boolean; readonly debug: boolean },
  started: (process: ProgramProcess) => () => void,
): Promise<StartedLearner> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const spec = { kind: 'plain' as const, entry: file.modulePath, scriptUrl: file.scriptUrl, debug, values: {}, countStatements, mayStartProcesses, runId: context.runId, folder: context.folder };
    const process = new ProgramProcess(spec, { ...env, PORT: String(port) }, dirname(file.modulePath));
    const forget = started(process);
    if (debug) void offerToDebugger(process, context);
    if (await listens(process, port)) return { process, port };
    // Somebody else on this machine may have taken the port in between; not twice in a row.
    const taken = process.told.some((message) => message.type === 'listen-failed' && message.code === 'EADDRINUSE' && message.port === port);
    if (!taken || attempt > 1) throw await whyNot(process, port, file);
    await process.stop('at once');
    // That it crashed of it is not the program's.
    forget();
  }
}

async function offerToDebugger(process: ProgramProcess, context: JobContext): Promise<void> {
  const inspecting = await process.until(() => process.told.find((message) => message.type === 'inspecting'), START_MS);
  if (!inspecting) return;
  context.send({ type: 'debuggable', pid: process.pid, port: inspecting.port });
  await process.exited;
  context.send({ type: 'debugged', pid: process.pid });
}

async function listens(process: ProgramProcess, port: number): Promise<boolean> {
  const right = (): true | undefined => process.told.some((message) => message.type === 'listening' && message.port === port && LOOPBACK.includes(message.address)) || undefined;
  const any = (): FromProgram | undefined => process.told.find((message) => message.type.startsWith('listen'));
  if (await process.until(any, START_MS)) await process.until(right, ELSEWHERE_MS);
  return right() === true && !process.end;
}

async function whyNot(process: ProgramProcess, port: number, file: LearnerFile): Promise<Error> {
  if (process.end) return endedBeforeListening(process, file);
  const elsewhere = listensElsewhere(process, file, port);
  if (elsewhere) return elsewhere;
  const where = process.mute ? null : await process.whereabouts(PATIENCE_MS);
  return process.mute || where?.responsive ? neverListened(process, file, START_MS) : hungBeforeListening(process, file, where?.place ?? null, START_MS);
}

/** A port of 127.0.0.1 that was free a moment ago; the program is to bind it itself. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
