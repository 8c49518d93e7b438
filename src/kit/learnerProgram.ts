import { countDescriptors, residentBytes } from '../runtime/processTable.ts';
import { readListenQueue } from '../runtime/tcpTables.ts';
import type { RandomStream } from '../sim/engine/random.ts';
import type { LearnerFile } from './learnerFile.ts';
import type { OpenSockets } from './openSockets.ts';
import type { Program, ProgramEnding } from './program.ts';
import type { CrashedWorker, WorkerLife } from './programWorkers.ts';
import type { ProgramProcess } from './programProcess.ts';
import { ClientError } from './tcpClient.ts';

/** A learner's program that listens, as a check is handed it. `random` chooses among its workers. */
export function learnerProgram(process: ProgramProcess, port: number, file: LearnerFile, random: RandomStream): Program {
  const ask = async (method: string, params: unknown = null): Promise<unknown> => (await process.call(method, params)).result;
  return {
    port,
    pid: process.pid,
    output: () => file.readable(process.output()),
    blockLoop: async (milliseconds) => (await process.call('block-loop', { milliseconds })).atNs,
    descriptors: () => countDescriptors(process.pid),
    residentBytes: () => residentBytes(process.pid),
    queue: () => readListenQueue(port),
    get running() {
      return process.end === null;
    },
    statements: async () => (await ask('statements')) as number,
    killBeforeStatement: async (n) => {
      process.stopping = true;
      await ask('kill-before-statement', { n });
    },
    kill: () => process.stop('at once'),
    ended: (timeoutMs = 5000) => endingOf(process, timeoutMs),
    workers: async () => (await ask('workers')) as number,
    workerLives: async () => (await ask('worker-lives')) as WorkerLife[],
    openSockets: async () => (await ask('open-sockets')) as OpenSockets,
    crashWorker: async () => {
      const alive = (await ask('workers')) as number;
      if (alive === 0) return null;
      return (await ask('crash-worker', { place: random.integer(0, alive - 1) })) as CrashedWorker | null;
    },
    stop: () => process.stop(),
  };
}

async function endingOf(process: ProgramProcess, timeoutMs: number): Promise<ProgramEnding> {
  const end = await process.until(() => process.end ?? undefined, timeoutMs);
  if (!end) throw new ClientError('TIMEOUT', `the program had not ended after ${timeoutMs} ms`);
  const killed = process.told.find((message) => message.type === 'killed-before');
  return { ...end, before: killed ? { line: killed.line, column: killed.column } : null };
}
