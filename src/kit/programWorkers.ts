import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import type { Worker } from 'node:worker_threads';

/** A worker that was made to crash. */
export interface CrashedWorker {
  readonly kind: 'process' | 'thread';
  /** Its pid, or its thread's id. */
  readonly id: number;
}

/** From when to when a child process lived, in milliseconds of its program's own clock. */
export interface WorkerLife {
  readonly pid: number;
  readonly startedMs: number;
  /** When its program heard of its end; null while it lives. */
  endedMs: number | null;
}

/** The workers that a program has started, in order: threads, and child processes of whatever kind. */
export class ProgramWorkers {
  readonly #workers: (Worker | ChildProcess)[] = [];
  /** Killed, and perhaps not yet known to be dead: nobody is killed twice. */
  readonly #crashed = new WeakSet<Worker | ChildProcess>();
  /** Of its child processes, in the order of their start. */
  readonly lives: WorkerLife[] = [];

  /** Knows of those that are started from now on. The event comes a moment after the start, so for the watchdog too, which is none of the program's. */
  constructor(watchdog: Worker) {
    process.on('worker', (worker: Worker) => worker !== watchdog && this.#workers.push(worker));
    subscribe('child_process', (message) => this.#add((message as { process: ChildProcess }).process));
  }

  #add(child: ChildProcess): void {
    this.#workers.push(child);
    const life: WorkerLife = { pid: child.pid ?? -1, startedMs: performance.now(), endedMs: null };
    this.lives.push(life);
    // Before any listener of the program's own, which may start the next one at once.
    child.prependListener('exit', () => (life.endedMs = performance.now()));
  }

  /** How many of them live. */
  get alive(): number {
    return this.#alive().length;
  }

  /**
   * Ends the living worker at this place at once, as a crash would: a process by SIGKILL, a thread by terminating it. Places go
   * round, since workers may have ended since they were counted; null where none lives.
   */
  async crash(place: number): Promise<CrashedWorker | null> {
    const alive = this.#alive();
    const worker = alive[place % alive.length];
    if (!worker) return null;
    this.#crashed.add(worker);
    if ('threadId' in worker) {
      const id = worker.threadId;
      await worker.terminate();
      return { kind: 'thread', id };
    }
    worker.kill('SIGKILL');
    return { kind: 'process', id: worker.pid as number };
  }

  #alive(): (Worker | ChildProcess)[] {
    return this.#workers.filter((worker) => !this.#crashed.has(worker) && ('threadId' in worker ? worker.threadId > 0 : worker.pid !== undefined && worker.exitCode === null && worker.signalCode === null));
  }
}
