import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import type { Worker } from 'node:worker_threads';

/** A worker that was made to crash. */
export interface CrashedWorker {
  readonly kind: 'process' | 'thread';
  /** Its pid, or its thread's id. */
  readonly id: number;
}

/** The workers that a program has started, in order: threads, and child processes of whatever kind. */
export class ProgramWorkers {
  readonly #workers: (Worker | ChildProcess)[] = [];

  /** Knows of those that are started from now on. The event comes a moment after the start, so for the watchdog too, which is none of the program's. */
  constructor(watchdog: Worker) {
    process.on('worker', (worker: Worker) => worker !== watchdog && this.#workers.push(worker));
    subscribe('child_process', (message) => this.#workers.push((message as { process: ChildProcess }).process));
  }

  /** How many of them live. */
  get alive(): number {
    return this.#alive().length;
  }

  /** Ends the living worker at this place at once, as a crash would: a process by SIGKILL, a thread by terminating it. Throws where there is none. */
  async crash(place: number): Promise<CrashedWorker> {
    const worker = this.#alive()[place];
    if (!worker) throw new Error('The program has no worker that lives.');
    if ('threadId' in worker) {
      const id = worker.threadId;
      await worker.terminate();
      return { kind: 'thread', id };
    }
    worker.kill('SIGKILL');
    return { kind: 'process', id: worker.pid as number };
  }

  #alive(): (Worker | ChildProcess)[] {
    return this.#workers.filter((worker) => ('threadId' in worker ? worker.threadId > 0 : worker.pid !== undefined && worker.exitCode === null && worker.signalCode === null));
  }
}
