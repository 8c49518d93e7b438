import { cellEntity, lockEntity, PROGRAM_ENTITY, threadEntity, THREADS_KIND, THREADS_MODEL } from '../../shared/threadsTrace.ts';
import { TraceBuilder, type Trace } from '../../shared/trace.ts';
import type { LearnerFile } from '../learnerFile.ts';
import type { BrokenInterleaving, StandRecord, StepRecord } from './messages.ts';
import { STUCK } from './sentences.ts';

const STEP_NS = 1_000_000;

/** An interleaving of the learner's own code as a trace of the kind that simulated ones have; the lines are those of the learner's file. */
export function interleavingTrace(broken: BrokenInterleaving, file: LearnerFile): Trace {
  const { threads, steps, initial, kind, preemptions } = broken;
  const trace = new TraceBuilder('measured', THREADS_MODEL);
  const name = (thread: number): string => threads[thread] ?? '';
  const schedule = steps.map(({ thread }) => name(thread)).join(' ');
  const stuck = STUCK.has(kind);
  trace.add(0, THREADS_KIND.run, PROGRAM_ENTITY, stuck ? -1 : 0, { schedule, switches: preemptions, interleavings: null, serial: null });
  const accessed = new Set(steps.map(({ cell }) => cell));
  for (const [cell, value] of Object.entries(initial)) if (accessed.has(cell)) trace.add(0, THREADS_KIND.memory, cellEntity(cell), value);
  const queues = new LockQueues(trace, broken, name);
  for (const step of steps) {
    addStep(trace, step, file, name);
    queues.after(step);
  }
  const endNs = steps.length * STEP_NS;
  trace.add(endNs, stuck ? THREADS_KIND.deadlock : THREADS_KIND.outcome, PROGRAM_ENTITY);
  return trace.build(endNs + STEP_NS);
}

function addStep(trace: TraceBuilder, step: StepRecord, file: LearnerFile, name: (thread: number) => string): void {
  const timeNs = (step.order + 1) * STEP_NS;
  const thread = name(step.thread);
  trace.add(timeNs, THREADS_KIND.step, threadEntity(thread), file.placeIn(step.stack)?.line ?? -1, { instruction: step.text });
  if (step.cell !== null && step.before !== step.after) trace.add(timeNs, THREADS_KIND.memory, cellEntity(step.cell), step.after ?? 0, { thread, before: step.before });
  for (const [lock, taken] of [[step.took, 1], [step.freed, 0]] as const) if (lock !== undefined) trace.add(timeNs, THREADS_KIND.lock, lockEntity(lock), taken, { thread });
  if (step.sleeps !== undefined) trace.add(timeNs, THREADS_KIND.wait, threadEntity(thread), 0, { lock: step.sleeps, holder: null });
  for (const woken of step.woke ?? []) trace.add(timeNs, THREADS_KIND.wake, threadEntity(name(woken)));
}

/** Who waits for a lock of the kit's: who has come to it while another holds it. */
class LockQueues {
  readonly #owners = new Map<string, number>();
  readonly #waiting = new Set<number>();

  constructor(
    private readonly trace: TraceBuilder,
    private readonly broken: BrokenInterleaving,
    private readonly name: (thread: number) => string,
  ) {}

  after({ order, thread, took, freed }: StepRecord): void {
    if (took !== undefined) this.#owners.set(took, thread);
    if (freed !== undefined) this.#owners.delete(freed);
    const timeNs = (order + 1) * STEP_NS;
    for (const stands of this.#standing(order + 1)) {
      const holder = this.#owners.get(stands.lock);
      if (holder !== undefined && !this.#waiting.has(stands.thread)) {
        this.#waiting.add(stands.thread);
        this.trace.add(timeNs, THREADS_KIND.wait, threadEntity(this.name(stands.thread)), 0, { lock: stands.lock, holder: this.name(holder) });
      } else if (holder === undefined && this.#waiting.delete(stands.thread)) {
        this.trace.add(timeNs, THREADS_KIND.wake, threadEntity(this.name(stands.thread)));
      }
    }
  }

  /** Who has come to a lock and not taken it yet, after so many steps. */
  #standing(steps: number): StandRecord[] {
    const came = this.broken.stands.filter(({ order }) => order <= steps);
    return came.filter((one) => !this.broken.steps.some((step) => step.thread === one.thread && step.order >= one.order && step.order < steps));
  }
}
