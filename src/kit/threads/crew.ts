import { Worker } from 'node:worker_threads';
import * as at from './control.ts';
import type { ThreadProgram } from './definition.ts';
import { whereIs } from './whereIs.ts';
import type { FromThread, StandRecord, StepRecord, ThreadData, Unusable } from './messages.ts';

/** Where a crew's threads find what they run. */
export interface CrewPlan {
  readonly runnerPath: string;
  readonly learner: string | null;
  readonly programs: string;
  readonly program: string;
  readonly freeRounds: number | null;
}

/** How long a thread may take from one step to its next, far more than any code between two steps needs; hung is what takes it twice. */
const HANG_MS = 800;
const LOAD_MS = 4000;

/** Why a crew's threads cannot be had. */
export class CrewUnusable extends Error {
  constructor(readonly unusable: Unusable) {
    super(unusable.message);
  }
}

/** The threads of one program, each in a worker of its own. One that has been stopped in the middle is of no further use. */
export class Crew {
  readonly control = new Int32Array(new SharedArrayBuffer(at.CONTROL_CELLS * 4));
  readonly memory: Readonly<Record<string, Int32Array>>;
  readonly names: readonly string[];
  readonly records: StepRecord[] = [];
  readonly stands: StandRecord[] = [];
  failure: Extract<FromThread, { type: 'failed' }> | null = null;
  readonly #workers: readonly Worker[];
  readonly #ready: Promise<unknown>;
  #done = 0;
  #heard: (() => void) | null = null;

  private constructor(
    private readonly program: ThreadProgram<never>,
    plan: CrewPlan,
  ) {
    this.names = Object.keys(program.threads);
    const memory = Object.entries(program.memory).map(([name, cells]) => [name, new SharedArrayBuffer(cells.length * 4)] as const);
    this.memory = Object.fromEntries(memory.map(([name, buffer]) => [name, new Int32Array(buffer)]));
    const { runnerPath, learner, programs, program: name, freeRounds } = plan;
    this.#workers = this.names.map((_, me) => {
      const workerData: ThreadData = { role: 'thread', me, control: this.control.buffer, memory: Object.fromEntries(memory), learner, programs, program: name, freeRounds };
      return new Worker(runnerPath, { workerData, execArgv: [], argv: [] });
    });
    this.#ready = Promise.all(this.#workers.map((worker) => this.#listen(worker)));
    this.reset([], {});
  }

  /** Starts the threads and waits until each can do its part. Throws CrewUnusable where one cannot. */
  static async start(program: ThreadProgram<never>, plan: CrewPlan): Promise<Crew> {
    const threads = Object.keys(program.threads).length;
    if (threads > at.MAX_THREADS) throw new Error(`The program "${plan.program}" has ${threads} threads; ${at.MAX_THREADS} are the most that can be stepped.`);
    const crew = new Crew(program, plan);
    let timer: NodeJS.Timeout | undefined;
    try {
      const late = new Promise<false>((resolve) => (timer = setTimeout(resolve, LOAD_MS, false)));
      if ((await Promise.race([crew.#ready, late])) !== false) return crew;
      const place = await crew.whereIsAnybody();
      throw new CrewUnusable({ kind: 'hung', message: `Your file has been loading for ${LOAD_MS / 1000} s and comes to no end.`, stack: '', place });
    } catch (error) {
      await crew.stop();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Puts memory back to what it is at first, and gives the first decisions of the next interleaving. */
  reset(given: readonly number[], flags: Readonly<Record<number, number>>): void {
    const { control } = this;
    control.fill(0, at.GATE, at.GIVEN_CHOICE);
    control[at.THREADS] = this.names.length;
    control[at.STARTING] = 1;
    control[at.GIVEN] = given.length;
    control.set(given, at.GIVEN_CHOICE);
    for (const [cell, value] of Object.entries(flags)) control[Number(cell)] = value;
    for (const [name, cells] of Object.entries(this.program.memory)) (this.memory[name] as Int32Array).set(cells);
  }

  /** Runs one interleaving to its end; null where a thread does not come to its next step. */
  async interleave(): Promise<(typeof at.ENDS)[number] | null> {
    const { control } = this;
    this.#open(0);
    for (let decisions = -1; ; ) {
      const end = Atomics.waitAsync(control, at.END, 0, HANG_MS);
      if (end.async && (await end.value) === 'timed-out') {
        if (control[at.DECISIONS] === decisions) return null;
        decisions = control[at.DECISIONS] as number;
        continue;
      }
      return at.ENDS[Atomics.load(control, at.END)] as (typeof at.ENDS)[number];
    }
  }

  /** Lets all threads run freely; resolves to true when all are done, or one has failed, false after `timeoutMs`. */
  async runFreely(timeoutMs: number): Promise<boolean> {
    for (let thread = 0; thread < this.names.length; thread++) this.#open(thread);
    return this.until(() => this.#done === this.names.length || this.failure !== null, timeoutMs);
  }

  /** Waits for messages of the threads until `holds`. */
  async until(holds: () => boolean, timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    while (!holds() && performance.now() < deadline) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.max(1, deadline - performance.now()));
        this.#heard = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return holds();
  }

  /** The place in the learner's file that keeps a thread busy; null where none is found. */
  async whereIsAnybody(): Promise<Unusable['place']> {
    return whereIs(this.#workers.map((worker) => worker.threadId));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #open(thread: number): void {
    Atomics.store(this.control, at.GATE + thread, 1);
    Atomics.notify(this.control, at.GATE + thread);
  }

  /** Resolves when the thread is ready. */
  #listen(worker: Worker): Promise<void> {
    return new Promise((resolve, reject) => {
      const unusable = (message: string, stack: string): void => reject(new CrewUnusable({ kind: 'unusable', message, stack, place: null }));
      worker.on('message', (message: FromThread) => {
        if (message.type === 'ready') resolve();
        else if (message.type === 'unusable') unusable(message.message, message.stack);
        else if (message.type === 'step') this.records.push(message.record);
        else if (message.type === 'stands') this.stands.push(message.record);
        else if (message.type === 'failed') this.failure ??= message;
        else this.#done++;
        this.#heard?.();
      });
      worker.once('error', (error) => unusable(`A thread broke down: ${error.message}`, error.stack ?? ''));
      worker.once('exit', () => unusable('A thread ended by itself: process.exit() ends it in the middle.', ''));
    });
  }
}
