import type { ForkOutput, ForkScenario } from '../../shared/scenario/fork.ts';
import type { Trace } from '../../shared/trace.ts';
import { pagePattern } from './pagePattern.ts';
import { ForkRecording } from './recording.ts';

/**
 * Writes to memory that was shared by fork(): the first write to a page copies it for the parent, and no later one does, however
 * many children share it (mm/memory.c, do_wp_page). The trace's kinds are in src/shared/forkTrace.ts.
 */
export function simulateFork(scenario: ForkScenario): { output: ForkOutput; trace: Trace } {
  const { pages, page_bytes: pageBytes = 4096, children = 1, writes } = scenario;
  const next = pagePattern(scenario);
  const recording = new ForkRecording(pages, pageBytes, writes.count, scenario.costs);
  recording.fork(children);
  const copied = new Uint8Array(pages);
  let faults = 0;
  for (let write = 0; write < writes.count; write++) {
    const page = next();
    const first = copied[page] === 0;
    if (first) {
      copied[page] = 1;
      faults++;
    }
    recording.write(page, first);
  }
  const output: ForkOutput = { copied_pages: faults, shared_pages: pages - faults, extra_bytes: faults * pageBytes, faults };
  return { output, trace: recording.build() };
}
