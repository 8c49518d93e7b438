import * as at from './control.ts';
import { Crew, CrewUnusable, type CrewPlan } from './crew.ts';
import type { ThreadProgram } from './definition.ts';
import type { FreePlan, FreeRun } from './messages.ts';

/** Runs a program's threads freely, as they come, each `rounds` times. */
export async function runFreely(program: ThreadProgram<never>, { program: name, rounds, timeoutMs }: FreePlan, plan: Omit<CrewPlan, 'program' | 'freeRounds'>): Promise<FreeRun> {
  let crew: Crew | null = null;
  try {
    crew = await Crew.start(program, { ...plan, program: name, freeRounds: rounds });
    crew.control[at.STARTING] = 0;
    const began = performance.now();
    const ended = await crew.runFreely(timeoutMs);
    const wrong = ended && !crew.failure ? program.end?.(crew.memory, rounds) : null;
    const failure = wrong ? { message: wrong.message, hint: wrong.hint, stack: '' } : crew.failure;
    const memory = Object.fromEntries(Object.entries(crew.memory).map(([array, cells]) => [array, [...cells]]));
    return { ended, durationMs: performance.now() - began, failure, unusable: null, memory, place: ended ? null : await crew.whereIsAnybody() };
  } catch (error) {
    if (!(error instanceof CrewUnusable)) throw error;
    return { ended: false, durationMs: 0, failure: null, unusable: error.unusable, memory: {}, place: null };
  } finally {
    await crew?.stop();
  }
}
