import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cellEntity, PROGRAM_ENTITY, threadEntity, THREADS_KIND } from '../../shared/threadsTrace.ts';
import type { JobContext } from '../jobContext.ts';
import type { MeasuredTrace } from '../measuredTrace.ts';
import { writeLabModule } from '../moduleFolder.ts';
import type { ThreadProgram } from './definition.ts';
import { explore, recorded, type Exploration } from './explore.ts';
import { runFreely } from './freeRun.ts';
import { loadProgram } from './loadProgram.ts';
import type { FreePlan, Outcome } from './messages.ts';

const STEP_NS = 1_000_000;
/** Far more interleavings than a lab's program has. */
const LIMIT = 100_000;

/** Real threads that do what a program of the lab's `threads.ts` says, for an experiment. */
export class LabThreads {
  /** Where the next order begins, from the trace's time 0. */
  #endNs = 0;

  constructor(
    private readonly labDir: string,
    private readonly context: JobContext,
  ) {}

  /** Runs a program in every interleaving, records one order for each outcome as the model does, and gives the outcomes. */
  async explore(program: string, trace: MeasuredTrace): Promise<readonly Outcome[]> {
    const exploration = await this.#exploration(program);
    const { outcomes, complete } = await explore(exploration);
    if (!complete) throw new Error(`Not every interleaving of "${program}" could be run to its end.`);
    const inOrder = outcomes.toSorted((a, b) => compare(Object.values(a.memory), Object.values(b.memory)));
    for (const [place, outcome] of inOrder.entries()) await this.#record(outcome, place, exploration, trace);
    return inOrder;
  }

  /** Runs a program's threads freely; gives what memory then holds. Throws where they come to no end. */
  async runFreely(plan: FreePlan): Promise<Readonly<Record<string, readonly number[]>>> {
    const { program, crew } = await this.#exploration(plan.program);
    const { ended, memory, failure } = await runFreely(program, plan, crew);
    if (!ended) throw new Error(`The threads of "${plan.program}" had come to no end after ${plan.timeoutMs / 1000} s${failure ? `: ${failure.message}` : ''}.`);
    return memory;
  }

  async #exploration(name: string): Promise<Exploration> {
    const programs = pathToFileURL(await writeLabModule(join(this.labDir, 'threads.ts'), this.labDir, this.context.folder)).href;
    const program: ThreadProgram<never> = await loadProgram(programs, name);
    const plan = { program: name, preemptions: null, limit: LIMIT, fair: false, mustSleep: false };
    return { program, plan, crew: { runnerPath: process.argv[1] as string, learner: null, programs }, outcomes: true };
  }

  async #record(outcome: Outcome, place: number, exploration: Exploration, trace: MeasuredTrace): Promise<void> {
    const names = Object.keys(exploration.program.threads);
    const { schedule, switches, interleavings, serial } = outcome;
    const add = (afterSteps: number, kind: string, entity: string, value: number, detail?: Record<string, string | number | boolean | null>): void =>
      trace.add(kind, entity, value, detail, trace.startNs + this.#endNs + afterSteps * STEP_NS);
    add(0, THREADS_KIND.run, PROGRAM_ENTITY, place, { schedule: schedule.map((thread) => names[thread] ?? '').join(' '), switches, interleavings, serial });
    for (const [name, cells] of Object.entries(exploration.program.memory)) add(0, THREADS_KIND.memory, cellEntity(name), cells[0] ?? 0);
    for (const { order, thread, text, cell, before, after } of await recorded(exploration, schedule)) {
      const name = names[thread] ?? '';
      add(order + 1, THREADS_KIND.step, threadEntity(name), -1, { instruction: text });
      if (cell !== null && before !== after) add(order + 1, THREADS_KIND.memory, cellEntity(cell), after ?? 0, { thread: name, before });
    }
    add(schedule.length, THREADS_KIND.outcome, PROGRAM_ENTITY, 0);
    this.#endNs += (schedule.length + 1) * STEP_NS;
  }
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at < 0 ? 0 : (a[at] as number) - (b[at] as number);
}
