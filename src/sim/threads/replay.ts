import { cellEntity, lockEntity, PROGRAM_ENTITY, threadEntity, THREADS_KIND, THREADS_MODEL } from '../../shared/threadsTrace.ts';
import type { InterleavingCount } from '../../shared/scenario/threads.ts';
import { TraceBuilder, type Trace, type TraceDetail } from '../../shared/trace.ts';
import { waitsFor } from './deadlock.ts';
import { CANNOT_STEP, type Machine } from './machine.ts';
import type { Step } from './program.ts';
import type { Witness } from './witness.ts';

const STEP_NS = 1_000_000;

/** An order to play, and what the run row says of it. */
export interface Run {
  readonly witness: Witness;
  /** Its place among the outcomes, -1 for the deadlock. */
  readonly outcome: number;
  readonly interleavings: InterleavingCount;
  /** Whether threads that run one after another can come to it too; null for the deadlock. */
  readonly serial: boolean | null;
}

/** Plays orders one after another into one trace; `texts` are the threads' instructions as the scenario has them. */
export function replay(machine: Machine, texts: readonly (readonly string[])[], runs: readonly Run[], truncated: boolean): Trace {
  const trace = new TraceBuilder('simulated', THREADS_MODEL);
  let timeNs = 0;
  for (const run of runs) timeNs = new Replay(machine, texts, trace, timeNs).play(run);
  return trace.build(timeNs, truncated);
}

class Replay {
  private readonly locals: number[];
  private shared: number;
  private readonly waiting = new Set<number>();

  constructor(
    private readonly machine: Machine,
    private readonly texts: readonly (readonly string[])[],
    private readonly trace: TraceBuilder,
    private timeNs: number,
  ) {
    this.locals = machine.program.threads.map((_, thread) => machine.initialLocal(thread));
    this.shared = machine.initialShared;
  }

  /** Returns when the next run may begin. */
  play({ witness, outcome, interleavings, serial }: Run): number {
    const { threads, cells } = this.machine.program;
    const schedule = witness.order.map((thread) => this.name(thread)).join(' ');
    this.add(THREADS_KIND.run, PROGRAM_ENTITY, outcome, { schedule, switches: witness.switches, interleavings, serial });
    for (const [cell, name] of cells.entries()) this.add(THREADS_KIND.memory, cellEntity(name), this.machine.cell(this.shared, cell));
    threads.forEach((_, thread) => this.stateOf(thread));
    for (const thread of witness.order) {
      this.timeNs += STEP_NS;
      this.step(thread);
    }
    this.add(outcome < 0 ? THREADS_KIND.deadlock : THREADS_KIND.outcome, PROGRAM_ENTITY);
    return this.timeNs + STEP_NS;
  }

  private step(thread: number): void {
    const local = this.locals[thread] as number;
    const step = this.machine.next(thread, local) as Step;
    const after = this.machine.step(thread, local, this.shared);
    if (after === CANNOT_STEP) throw new Error('an order steps a thread that cannot step');
    const sharedAfter = this.machine.sharedAfter;
    this.add(THREADS_KIND.step, threadEntity(this.name(thread)), step.line, { instruction: this.texts[thread]?.[step.line] ?? '' });
    if ('register' in step && !('target' in step)) this.register(thread, step.register, local, after);
    if ('cell' in step && writes(this.machine, thread, step, after)) this.memory(thread, step.cell, sharedAfter);
    if (step.op === 'lock' || step.op === 'unlock') {
      const lock = lockEntity(this.machine.program.locks[step.lock] as string);
      this.add(THREADS_KIND.lock, lock, step.op === 'lock' ? 1 : 0, { thread: this.name(thread) });
    }
    this.locals[thread] = after;
    this.shared = sharedAfter;
    if (!this.machine.next(thread, after)) this.add(THREADS_KIND.finish, threadEntity(this.name(thread)));
    this.machine.program.threads.forEach((_, each) => this.stateOf(each));
  }

  private register(thread: number, index: number, before: number, after: number): void {
    const register = this.machine.program.threads[thread]?.registers[index] ?? '';
    const [was, is] = [this.machine.register(thread, before, index), this.machine.register(thread, after, index)];
    this.add(THREADS_KIND.register, threadEntity(this.name(thread)), is, { register, before: was });
  }

  private memory(thread: number, cell: number, after: number): void {
    const entity = cellEntity(this.machine.program.cells[cell] as string);
    const detail = { thread: this.name(thread), before: this.machine.cell(this.shared, cell) };
    this.add(THREADS_KIND.memory, entity, this.machine.cell(after, cell), detail);
  }

  /** Says when a thread begins or ceases to wait for a lock. */
  private stateOf(thread: number): void {
    const wait = waitsFor(this.machine, thread, this.locals[thread] as number, this.shared);
    if (wait && !this.waiting.has(thread)) {
      this.waiting.add(thread);
      const detail = { lock: this.machine.program.locks[wait.lock] as string, holder: this.name(wait.holder) };
      this.add(THREADS_KIND.wait, threadEntity(this.name(thread)), 0, detail);
    } else if (!wait && this.waiting.delete(thread)) {
      this.add(THREADS_KIND.wake, threadEntity(this.name(thread)));
    }
  }

  private name(thread: number): string {
    return this.machine.program.threads[thread]?.name ?? '';
  }

  private add(kind: string, entity: string, value = 0, detail?: TraceDetail): void {
    this.trace.add(this.timeNs, kind, entity, value, detail);
  }
}

/** Whether a step that touches a cell writes it; a write of the value that is there already is one too. */
function writes(machine: Machine, thread: number, step: Step & { readonly cell: number }, after: number): boolean {
  return step.op === 'cas' ? machine.register(thread, after, step.register) === 1 : step.op !== 'load';
}
