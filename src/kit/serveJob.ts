import { HumanError } from '../shared/errors.ts';
import type { ServeJob } from '../shared/rpc.ts';
import type { JobContext } from './jobContext.ts';
import { startLabServer } from './startedLabServer.ts';

/** Keeps a lab's `server.ts` up until the host ends the run. Throws a HumanError when the server ends by itself. */
export async function runServeJob(job: ServeJob, context: JobContext): Promise<void> {
  const server = await startLabServer(job.labDir, job.values, context);
  context.send({ type: 'serving', port: server.port, pid: server.pid });
  await Promise.race([server.exited, new Promise<void>((resolve) => context.signal.addEventListener('abort', () => resolve(), { once: true }))]);
  if (!context.signal.aborted) throw new HumanError("The lab's server ended by itself.");
  await server.stop();
}
