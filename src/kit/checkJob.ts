import { pathToFileURL } from 'node:url';
import { HumanError } from '../shared/errors.ts';
import type { CheckJob, CheckOutcome } from '../shared/rpc.ts';
import { CheckFailure } from './checkFailure.ts';
import { isDefinition, type CheckDefinition } from './definition.ts';
import type { JobContext } from './jobContext.ts';
import { judgeCheck } from './judgeCheck.ts';
import { LearnerFile } from './learnerFile.ts';
import { writeLabModule, writeLearnerModule } from './moduleFolder.ts';
import { SourceError, stripTypes } from './stripTypes.ts';
import { warmUp } from './warmUp.ts';

/** Runs an exercise's checks, one after another, against the learner's source. */
export async function runCheckJob(job: CheckJob, context: JobContext): Promise<void> {
  const limit = new AbortController();
  const timer = job.debugAs === null ? setTimeout(() => limit.abort(), Math.max(0, job.timeLimitMs - performance.now())) : undefined;
  try {
    const file = await learnerFile(job, context.folder);
    if (file instanceof CheckFailure) sendSkipped(job.checks, file, context);
    else await runChecks(await loadChecks(job, context.folder), file, job, context, limit.signal);
  } finally {
    clearTimeout(timer);
  }
}

async function learnerFile({ source, fileName, debugAs }: CheckJob, folder: string): Promise<LearnerFile | CheckFailure> {
  try {
    const scriptUrl = debugAs === null ? undefined : pathToFileURL(debugAs).href;
    return new LearnerFile(source, fileName, await writeLearnerModule(await stripTypes(source), fileName, folder, scriptUrl), scriptUrl);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return new CheckFailure({ kind: 'syntax', message: `Line ${error.location.line + 1} does not parse: ${error.message}.`, location: error.location }, { final: true });
  }
}

/** The definitions of `check.ts`, which must be those of exercise.json. */
async function loadChecks({ checkPath, labDir, checks }: CheckJob, folder: string): Promise<CheckDefinition[]> {
  const { default: defined } = (await import(pathToFileURL(await writeLabModule(checkPath, labDir, folder)).href)) as { default?: unknown };
  const definitions = Array.isArray(defined) ? defined.filter((one: unknown) => isDefinition(one, 'check')) : [];
  const ids = definitions.map(({ id }) => id);
  if (ids.toSorted().join() !== checks.toSorted().join()) {
    throw new HumanError(`${checkPath} exports the checks [${ids.join(', ')}], but its exercise.json names [${checks.join(', ')}].`);
  }
  return definitions;
}

async function runChecks(definitions: readonly CheckDefinition[], file: LearnerFile, job: CheckJob, context: JobContext, limit: AbortSignal): Promise<void> {
  const warm = warmUp();
  const passed = new Set<string>();
  let output = '';
  let evidence = null;
  for (const [i, definition] of definitions.entries()) {
    if (!definition.needs.every((id) => passed.has(id))) {
      context.send({ type: 'check-done', outcome: skipped(definition.id) });
      continue;
    }
    context.send({ type: 'check-started', id: definition.id });
    const judged = await judgeCheck(definition, { file, job, context, limit, warm });
    if (context.signal.aborted) return;
    output = judged.output || output;
    if (judged.outcome.outcome === 'passed') passed.add(definition.id);
    if (judged.outcome.failure) evidence ??= judged.evidence;
    context.send({ type: 'check-done', outcome: judged.outcome });
    if (!judged.final) continue;
    for (const { id } of definitions.slice(i + 1)) context.send({ type: 'check-done', outcome: skipped(id) });
    break;
  }
  context.send({ type: 'checks-done', output, evidence });
}

function sendSkipped([first, ...rest]: readonly string[], { failure }: CheckFailure, context: JobContext): void {
  if (first !== undefined) context.send({ type: 'check-done', outcome: { ...skipped(first), outcome: 'failed', failure } });
  for (const id of rest) context.send({ type: 'check-done', outcome: skipped(id) });
  context.send({ type: 'checks-done', output: '', evidence: null });
}

function skipped(id: string): CheckOutcome {
  return { id, outcome: 'skipped', durationMs: 0, steps: [] };
}
