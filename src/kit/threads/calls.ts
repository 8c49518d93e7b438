import { pathToFileURL } from 'node:url';
import type { ProgramSpec } from '../programSpec.ts';
import { explore } from './explore.ts';
import { runFreely } from './freeRun.ts';
import { loadProgram } from './loadProgram.ts';
import type { ExplorePlan, FreePlan } from './messages.ts';

/** What a program of kind `threads` answers: `explore` with an ExplorePlan, `run-freely` with a FreePlan. */
export function threadCalls({ entry, threads = '' }: ProgramSpec, runnerPath: string): (method: string, params: unknown) => Promise<unknown> {
  const crew = { runnerPath, learner: pathToFileURL(entry).href, programs: pathToFileURL(threads).href };
  return async (method, params) => {
    const plan = params as ExplorePlan | FreePlan;
    const program = await loadProgram(crew.programs, plan.program);
    if (method === 'explore') return explore({ program, plan: plan as ExplorePlan, crew, outcomes: false });
    if (method === 'run-freely') return runFreely(program, plan as FreePlan, crew);
    throw new Error(`It has no "${method}".`);
  };
}
