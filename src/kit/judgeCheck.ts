import { setTimeout as sleep } from 'node:timers/promises';
import { endStrays, findStrays } from '../runtime/strays.ts';
import type { CheckJob, CheckOutcome } from '../shared/rpc.ts';
import type { Trace } from '../shared/trace.ts';
import { CheckFailure } from './checkFailure.ts';
import { CheckRun } from './checkRun.ts';
import type { CheckDefinition } from './definition.ts';
import { askHttp } from './httpClient.ts';
import type { JobContext } from './jobContext.ts';
import type { LearnerFile } from './learnerFile.ts';
import { stackOfLab } from './moduleFolder.ts';
import { isRejection, REFUSED } from './clientWords.ts';
import { crashOf, hungMeanwhile, refusesClients } from './sentences.ts';
import { ClientError } from './tcpClient.ts';

export interface JudgedCheck {
  readonly outcome: CheckOutcome;
  /** What the learner's programs printed. */
  readonly output: string;
  readonly evidence: Trace;
  /** True where the checks behind this one can find nothing else. */
  readonly final: boolean;
}

/** What all checks of one grading share. */
export interface CheckSetting {
  readonly file: LearnerFile;
  readonly job: CheckJob;
  readonly context: JobContext;
  /** Aborted when the exercise's time is over. */
  readonly limit: AbortSignal;
  /** Resolves when the kit's own code has been run in. */
  readonly warm: Promise<void>;
}

/** Runs of a check whose verdict is about time. Noise only makes slower, so that one run in time is in time. */
const RUNS = 3;
/** As many where the machine was fit to decide in none of them. */
const UNDECIDED_RUNS = 5;
/** How long a loop that answers may take for it, before it counts as hung. */
const PATIENCE_MS = 1000;
/** At the end of the exercise's time nobody waits that long. */
const LAST_PATIENCE_MS = 100;
const LAST_FIND_MS = 300;
const FIND_MS = 1000;
/** What a program started may take to notice that it is gone. */
const FAREWELL_MS = 500;

/** Runs one check to its end, some times where its verdict is about time, and ends whatever it started. */
export async function judgeCheck(definition: CheckDefinition, setting: CheckSetting): Promise<JudgedCheck> {
  const began = performance.now();
  // That the machine is unfit in one run takes nothing from what another has shown.
  let tooSlow: JudgedCheck | null = null;
  const seen: string[] = [];
  for (let runs = 1; ; runs++) {
    const judged = await judgeOnce(definition, setting);
    const durationMs = performance.now() - began;
    const kind = judged.outcome.failure?.kind;
    if (kind !== 'too-slow' && kind !== 'unfit-machine') return { ...judged, outcome: { ...judged.outcome, durationMs } };
    if (kind === 'too-slow') {
      tooSlow = judged;
      seen.push(judged.outcome.failure?.actual ?? 'too slow');
    }
    const enoughTime = setting.job.timeLimitMs - performance.now() > 2 * judged.outcome.durationMs;
    if (enoughTime && runs < (tooSlow ? RUNS : UNDECIDED_RUNS)) continue;
    const { outcome, ...rest } = tooSlow ?? judged;
    return { ...rest, outcome: { ...outcome, durationMs, ...(outcome.failure && runs > 1 && { failure: told(outcome.failure, runs, seen) }) } };
  }
}

/** The failure, with how often it was seen, and what was seen each time that the machine was fit to decide. */
function told(failure: NonNullable<CheckOutcome['failure']>, runs: number, seen: readonly string[]): NonNullable<CheckOutcome['failure']> {
  const times = seen.length === 0 || seen.length === runs ? `${runs} runs` : `${seen.length} of ${runs} runs, the machine being too busy in the others`;
  return { ...failure, message: `${failure.message} So it was in ${times}${seen.length === 0 ? '' : `: ${seen.join(', ')}`}.` };
}

async function judgeOnce(definition: CheckDefinition, { file, job, context, limit, warm }: CheckSetting): Promise<JudgedCheck> {
  const began = performance.now();
  const run = new CheckRun(file, context, AbortSignal.any([context.signal, limit]), job, definition.id, warm);
  let failure = await outcomeOf(definition, run, limit, job);
  const evidence = run.trace();
  const hurry = limit.aborted || context.signal.aborted;
  await run.end(hurry ? 'at once' : 'with grace');
  // In a hurry the host does the last sweep alone.
  const left = hurry ? 0 : await leftBehind(context);
  if (!failure && left > 0) failure = leaked(left);
  const outcome: CheckOutcome = {
    id: definition.id,
    outcome: failure ? 'failed' : 'passed',
    durationMs: performance.now() - began,
    steps: run.steps,
    ...(failure && { failure: failure.failure }),
  };
  return { outcome, output: run.processes.map((process) => file.readable(process.output())).join(''), evidence, final: limit.aborted || (failure?.final ?? false) };
}

/** Null where the check passed. What is at fault goes before what it led to: a crash before the request that failed by it. */
async function outcomeOf(definition: CheckDefinition, run: CheckRun, limit: AbortSignal, job: CheckJob): Promise<CheckFailure | null> {
  try {
    await Promise.race([definition.run(run), aborted(run.signal)]);
    return crashed(run);
  } catch (error) {
    if (limit.aborted) return crashed(run) ?? (await hung(run, LAST_PATIENCE_MS, LAST_FIND_MS)) ?? outOfTime(run, job.timeLimitMs);
    if (error instanceof CheckFailure && error.final) return error;
    // A process that broke its connections may be a moment from its end.
    await sleep(20);
    const waited = run.timedOut || (error instanceof ClientError && error.code === 'TIMEOUT');
    // To find where it hangs would let go what a debugger holds.
    const rejected = run.rejected || (error instanceof ClientError && isRejection(error.code));
    const cause = crashed(run) ?? (waited && job.debugAs === null ? await hung(run, PATIENCE_MS, FIND_MS) : null) ?? (rejected ? await deaf(run) : null);
    if (cause) return cause;
    if (error instanceof CheckFailure) return error;
    if (error instanceof ClientError) return new CheckFailure({ kind: 'wrong-answer', message: `A client saw something else than it waited for: ${error.message}.`, actual: error.code });
    const bug = error instanceof Error ? error : new Error(String(error));
    return new CheckFailure({ kind: 'our-fault', message: `The check "${definition.id}" itself broke down: ${bug.message}`, stack: stackOfLab(bug.stack ?? '', job.labDir, run.context.folder) });
  }
}

function crashed({ processes, file, steps }: CheckRun): CheckFailure | null {
  const when = duringLast(steps);
  for (const process of processes) {
    const failure = crashOf(process, file, when);
    if (failure) return failure;
  }
  return null;
}

/** A failure where a program that runs does not come back to its event loop. */
async function hung({ processes, file }: CheckRun, patienceMs: number, findMs: number): Promise<CheckFailure | null> {
  for (const process of processes) {
    if (process.end) continue;
    const where = await process.whereabouts(patienceMs, findMs);
    if (!where?.responsive) return hungMeanwhile(process, file, where?.place ?? null);
  }
  return null;
}

/** A failure where a program that runs listens no more, or where none of the clients gets. */
async function deaf({ ports, file, steps }: CheckRun): Promise<CheckFailure | null> {
  for (const [process, port] of ports) {
    const listening = process.told.findLast((message) => message.type === 'listening' && message.port === port);
    if (listening?.type !== 'listening' || process.end || process.stopping) continue;
    if (await refusesOn(port)) return refusesClients(listening, file, duringLast(steps));
  }
  return null;
}

/** Whether clients are refused, and still are a while later: a server whose workers were killed may be about to start others. */
async function refusesOn(port: number): Promise<boolean> {
  const until = performance.now() + PATIENCE_MS;
  do {
    if ((await askHttp(port, { timeoutMs: PATIENCE_MS })).error !== REFUSED) return false;
    await sleep(50);
  } while (performance.now() < until);
  return true;
}

function duringLast(steps: readonly string[]): string {
  const last = steps.at(-1);
  return last === undefined ? 'while it was checked' : `during "${last}"`;
}

function outOfTime({ steps }: CheckRun, timeLimitMs: number): CheckFailure {
  const last = steps.at(-1);
  const message = `The exercise's ${timeLimitMs / 1000} s were over${last === undefined ? '' : ` during "${last}"`}.`;
  return new CheckFailure({ kind: 'hung', message, expected: `an end within ${timeLimitMs / 1000} s`, actual: 'no end' });
}

/** How many processes of the run are left although its programs were ended; they are ended too. */
async function leftBehind(context: JobContext): Promise<number> {
  const until = performance.now() + FAREWELL_MS;
  while ((await findStrays(context)).length > 0) {
    if (performance.now() > until) return (await endStrays(context)).met;
    await sleep(25);
  }
  return 0;
}

function leaked(count: number): CheckFailure {
  const message = `${count === 1 ? 'A process' : `${count} processes`} that your program started went on after it was stopped.`;
  return new CheckFailure({ kind: 'leaked', message, expected: 'no process left', actual: `${count} left` });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(signal.reason as Error);
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}
