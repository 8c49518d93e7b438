import { CANNOT_STEP, type Machine } from './machine.ts';

/** A thread that alone takes more steps than this has no end. */
const MOST_STEPS = 10_000;

/**
 * What memory holds after the threads have run one after another, in each order of threads, by its values joined: the outcomes
 * of a program whose threads do not get in each other's way. An order in which a thread cannot come to its end alone has none.
 */
export function serialOutcomes(machine: Machine): ReadonlySet<string> {
  const threads = machine.program.threads.length;
  const outcomes = new Set<string>();
  const seen = new Set<string>();
  const visit = (ended: number, shared: number): void => {
    const key = `${ended} ${shared}`;
    if (seen.has(key)) return;
    seen.add(key);
    if (ended === (1 << threads) - 1) outcomes.add(machine.memory(shared).join());
    for (let thread = 0; thread < threads; thread++) {
      const after = (ended & (1 << thread)) === 0 ? alone(machine, thread, shared) : null;
      if (after !== null) visit(ended | (1 << thread), after);
    }
  };
  visit(0, machine.initialShared);
  return outcomes;
}

/** The shared state after all of a thread's steps in a row; null where it comes to no end. */
function alone(machine: Machine, thread: number, from: number): number | null {
  let local = machine.initialLocal(thread);
  let shared = from;
  for (let steps = 0; machine.next(thread, local); steps++) {
    const after = steps < MOST_STEPS ? machine.step(thread, local, shared) : CANNOT_STEP;
    if (after === CANNOT_STEP) return null;
    local = after;
    shared = machine.sharedAfter;
  }
  return shared;
}
