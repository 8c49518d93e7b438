import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readMachine } from '../runtime/machine.ts';
import { onPrivateLink } from '../runtime/privateLink.ts';
import { HumanError } from '../shared/errors.ts';
import type { ExperimentJob } from '../shared/rpc.ts';
import { isDefinition } from './definition.ts';
import { LabExperiment } from './labExperiment.ts';
import { writeLabModule } from './moduleFolder.ts';
import { warmUp } from './warmUp.ts';
import type { JobContext } from './jobContext.ts';

/** Runs a lab's `experiment.ts` and sends what it recorded. */
export async function runExperimentJob(job: ExperimentJob, context: JobContext): Promise<void> {
  const path = join(job.labDir, 'experiment.ts');
  const [module] = await Promise.all([writeLabModule(path, job.labDir, context.folder), warmUp()]);
  const { default: defined } = (await import(pathToFileURL(module).href)) as { default?: unknown };
  if (!isDefinition(defined, 'experiment')) throw new HumanError(`${path} must export default experiment(async (lab) => { … }).`);
  const machine = job.link ? onPrivateLink(await readMachine(), job.link) : job.machine;
  const lab = new LabExperiment({ ...job, machine }, context, defined.model);
  try {
    await Promise.race([defined.run(lab), aborted(context.signal)]);
    context.send({ type: 'experiment-done', record: lab.record() });
  } finally {
    await lab.end();
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
}
