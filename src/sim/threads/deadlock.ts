import type { Machine } from './machine.ts';

/** The lock that a thread stands before and who holds it, by index; undefined where the thread does not wait. */
export function waitsFor(machine: Machine, thread: number, local: number, shared: number): { lock: number; holder: number } | undefined {
  const step = machine.next(thread, local);
  if (step?.op !== 'lock') return undefined;
  const holder = machine.owner(shared, step.lock);
  return holder < 0 ? undefined : { lock: step.lock, holder };
}
