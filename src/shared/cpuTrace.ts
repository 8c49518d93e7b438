/**
 * What the rows of a CPU scheduling trace (model `cpu`) mean. Threads are `thread:<name>`, cores `core:<number>`, the ready
 * threads together `run-queue`. One unit of the scenario's time is a millisecond of the trace.
 */
export const CPU_MODEL = 'cpu';

export const RUN_QUEUE_ENTITY = 'run-queue';

export function threadEntity(name: string): string {
  return `thread:${name}`;
}

/** A process, where its memory is told of. */
export function processEntity(name: string): string {
  return `process:${name}`;
}

export function coreEntity(core: number): string {
  return `core:${core}`;
}

export const CPU_KIND = {
  /** Entity: a thread, at its process's arrival. Detail: `{ process }`, measured also `{ pid, tid }`. */
  arrive: 'arrive',
  /** Entity: a process or a thread that comes to be. Value: kB of memory of its own that it takes. Detail, measured: `{ rssKb, pssKb }`. */
  memory: 'memory',
  /** Entity: a process. Value: what it reads from now on in the counter that its threads add to. */
  counter: 'counter',
  /** Entity: a thread that may run and waits for a core. Detail: `{ why: ReadyReason }`, under mlfq also `{ level }`. */
  ready: 'ready',
  /** Entity: a core that changes to another thread than it ran last. Value: nanoseconds that the change takes. Detail: `{ thread, from }`. */
  switch: 'switch',
  /** Entity: a core that begins to run a thread. Value: nanoseconds of CPU its burst still needs. Detail: `{ thread, process }`. */
  dispatch: 'dispatch',
  /** Entity: a core whose thread's burst is not over, but its quantum is (it may get the core back at once) or another goes first. Detail: `{ thread, why: 'quantum' | 'preempted' }`. */
  preempt: 'preempt',
  /** Entity: a core that has nothing to run from here on. */
  idle: 'idle',
  /** Entity: a thread that waits for I/O. Value: nanoseconds until it is done. */
  block: 'block',
  /** Entity: a thread that has ended. Value: its turnaround in nanoseconds. */
  finish: 'finish',
  /** Entity `run-queue`. Value: ready threads. */
  runQueue: 'run-queue',
  /** Entity `run-queue`. Every thread is back at level 0 (mlfq). */
  boost: 'boost',
} as const;

/** Why a thread became ready: its process arrived, its I/O ended, its quantum ended, a thread that goes first came. */
export type ReadyReason = 'arrival' | 'io' | 'quantum' | 'preempted';
