/**
 * What the rows of a trace of interleavings (model `threads`) mean. It plays complete orders one after another, each from the
 * beginning: first the one that deadlocks, where there is one, then each outcome's. Threads are `thread:<name>`, cells
 * `cell:<name>`, locks `lock:<name>`, the run as a whole `program`. A step is a millisecond.
 */
export const THREADS_MODEL = 'threads';

export const PROGRAM_ENTITY = 'program';

export function threadEntity(name: string): string {
  return `thread:${name}`;
}

export function cellEntity(name: string): string {
  return `cell:${name}`;
}

export function lockEntity(name: string): string {
  return `lock:${name}`;
}

export const THREADS_KIND = {
  /** Entity `program`: an order begins; memory, registers and locks are as at first. Value: its place in the output's outcomes, -1 for the deadlock. Detail: `{ schedule, switches, interleavings, serial }`; `serial`: whether threads that run one after another can come to this outcome too, null where that is not known. */
  run: 'run',
  /** Entity: the thread that steps. Value: the line of its program, from 0. Detail: `{ instruction }`. */
  step: 'step',
  /** Entity: a thread that sets a register, if only to what it held. Value: what it now holds. Detail: `{ register, before }`. */
  register: 'register',
  /** Entity: a cell, at the start of a run and whenever a step writes it, if only what it held. Value: what it now holds. Detail but at the start: `{ thread, before }`. */
  memory: 'memory',
  /** Entity: a lock. Value: 1 taken, 0 freed. Detail: `{ thread }`, who did it. */
  lock: 'lock',
  /** Entity: a thread that cannot step. Detail: `{ lock, holder }`; without a holder the lock is the cell that the thread sleeps at. */
  wait: 'wait',
  /** Entity: a waiting thread that can step again. */
  wake: 'wake',
  /** Entity: a thread that has come to its end. */
  finish: 'finish',
  /** Entity `program`: no thread can step and one has not finished. */
  deadlock: 'deadlock',
  /** Entity `program`: all threads have finished. */
  outcome: 'outcome',
} as const;

