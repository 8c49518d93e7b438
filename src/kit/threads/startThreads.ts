import { dirname, join } from 'node:path';
import type { CheckJob } from '../../shared/rpc.ts';
import { CheckFailure } from '../checkFailure.ts';
import type { JobContext } from '../jobContext.ts';
import type { LearnerFile } from '../learnerFile.ts';
import { writeLabModule } from '../moduleFolder.ts';
import { ProgramProcess } from '../programProcess.ts';

const START_MS = 5000;

/** Starts the process in which threads of the exercise's `threads.ts` call the learner's functions; `started` is told of it at once. */
export async function startThreads(
  file: LearnerFile,
  { runId, folder }: JobContext,
  { checkPath, labDir, mayStartProcesses }: Pick<CheckJob, 'checkPath' | 'labDir' | 'mayStartProcesses'>,
  started: (process: ProgramProcess) => void,
): Promise<ProgramProcess> {
  const threads = await writeLabModule(join(dirname(checkPath), 'threads.ts'), labDir, folder);
  const spec = { kind: 'threads' as const, entry: file.modulePath, scriptUrl: file.scriptUrl, debug: false, threads, values: {}, countStatements: false, mayStartProcesses, runId, folder };
  const process = new ProgramProcess(spec, {}, dirname(file.modulePath));
  started(process);
  if (await process.until(() => process.told.find(({ type }) => type === 'ready'), START_MS)) return process;
  throw new CheckFailure({ kind: 'our-fault', message: `The process for your threads did not start: ${process.output().trim() || 'it said nothing'}` });
}
