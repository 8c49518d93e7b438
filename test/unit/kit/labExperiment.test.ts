import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { JobContext } from '../../../src/kit/jobContext.ts';
import { LabExperiment } from '../../../src/kit/labExperiment.ts';
import type { ExperimentJob } from '../../../src/shared/rpc.ts';

/** Far longer than a machine keeps a loop waiting that has nothing to do. */
const LONG_MS = 600;

function compute(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

it('an experiment of several measurements has been held up as long as in the worst of them, and not before the first', async () => {
  const context = { signal: new AbortController().signal, send: () => undefined } as unknown as JobContext;
  const lab = new LabExperiment({ labDir: '.', values: {}, parts: {} } as unknown as ExperimentJob, context, 'patterns');
  compute(LONG_MS);
  await sleep(20);
  lab.startBeside();
  await sleep(20);
  expect(lab.record().heldUpMs).toBeLessThan(LONG_MS / 2);
  lab.startBeside();
  compute(LONG_MS);
  await sleep(20);
  lab.startBeside();
  await sleep(20);
  expect(lab.record().heldUpMs).toBeGreaterThan(LONG_MS / 2);
  lab.start();
  await sleep(20);
  expect(lab.record().heldUpMs).toBeLessThan(LONG_MS / 2);
});
