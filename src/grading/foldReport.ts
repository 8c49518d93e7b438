import { type CapExceeded, MEMORY_CAP_BYTES, PROCESS_CAP } from '../runtime/caps.ts';
import type { RunnerEnd } from '../runtime/superviseRunner.ts';
import type { Exercise } from '../shared/lab.ts';
import type { CheckResult, ExerciseReport, Failure } from '../shared/report.ts';
import type { CheckOutcome, FromRunner } from '../shared/rpc.ts';
import type { Trace } from '../shared/trace.ts';

/** What is known of a grading when its runner is gone. */
export interface Grading {
  readonly request: { readonly exercise: { readonly lab: string; readonly exercise: Exercise } };
  readonly seed: number;
  readonly outcomes: readonly CheckOutcome[];
  done: { readonly output: string; readonly evidence: Trace | null } | null;
  failed: Extract<FromRunner, { type: 'failed' }> | null;
  cancelled: boolean;
  end: RunnerEnd | null;
  durationMs: number;
}

/** Folds what the runner said into a report: the catalog's titles, points and hint texts put to each outcome. */
export function foldReport(grading: Grading): ExerciseReport {
  const { exercise, lab } = grading.request.exercise;
  const complete = grading.done !== null && !grading.cancelled;
  const results = exercise.checks.map((check) => resultOf(check, exercise, grading.outcomes));
  const checks = complete || grading.cancelled ? results : withBreakdown(results, grading);
  return {
    version: 1,
    lab,
    exercise: exercise.id,
    verdict: grading.cancelled ? 'cancelled' : verdictOf(checks),
    points: checks.reduce((sum, check) => sum + (check.outcome === 'passed' ? check.points : 0), 0),
    of: checks.reduce((sum, check) => sum + check.points, 0),
    durationMs: grading.durationMs,
    seed: grading.seed,
    checks,
    output: grading.done?.output ?? '',
    ...(grading.done?.evidence && { evidence: grading.done.evidence }),
  };
}

/** A failure that is the learner's counts before one that is the machine's or ours: it can be worked on. */
function verdictOf(checks: readonly CheckResult[]): ExerciseReport['verdict'] {
  const kinds = checks.map(({ failure }) => failure?.kind).filter((kind) => kind !== undefined);
  if (kinds.some((kind) => kind !== 'unfit-machine' && kind !== 'our-fault')) return 'failed';
  if (kinds.includes('our-fault')) return 'our-fault';
  if (kinds.includes('unfit-machine')) return 'unfit-machine';
  return checks.every(({ outcome }) => outcome === 'passed') ? 'passed' : 'our-fault';
}

function resultOf(check: Exercise['checks'][number], exercise: Exercise, outcomes: readonly CheckOutcome[]): CheckResult {
  const outcome = outcomes.find(({ id }) => id === check.id);
  if (!outcome) return { ...check, outcome: 'skipped', durationMs: 0, steps: [] };
  const { failure, ...rest } = outcome;
  return { ...rest, title: check.title, points: check.points, ...(failure && { failure: withHint(failure, exercise, outcome.steps) }) };
}

/** For what any program may fail by, so that no exercise need say it. */
const GENERAL_HINTS: Partial<Readonly<Record<Failure['kind'], string>>> = {
  'did-not-listen':
    "The checks reach your program on 127.0.0.1, on the port in the environment variable PORT. Whatever else it does at its start, it has to come to server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) }), as the starter does; a listening server is also what keeps a program running.",
  crashed:
    'What nothing catches ends the whole process, and every client with it. Begin at the place that is named, and ask what each value there is: an error in a callback is not caught by a try around the call that set it up, nor is one in a promise that nobody awaits.',
  hung: 'While one piece of code runs on the main thread, or waits there in a call that blocks, no other callback runs. At the place that is named, look for a loop whose condition never changes, or for a call that could be awaited instead.',
  leaked: 'Whatever a program opens, starts or keeps is its own to give back: look for what grows or goes on with each request, and for the path (an error, a client that leaves, an end by SIGTERM) on which nothing gives it back.',
  syntax: 'Nothing runs until the whole file parses. Look at the named line and the one before it, where a bracket, a comma or a quote may be missing; types are taken out and not compiled, so enum, namespace and parameter properties are no choice here.',
};

function withHint({ hint, ...failure }: NonNullable<CheckOutcome['failure']>, { hints }: Exercise, steps: readonly string[]): Failure {
  const general = GENERAL_HINTS[failure.kind];
  if (hint === undefined) return { ...failure, steps, ...(general !== undefined && { hint: { id: failure.kind, text: general } }) };
  const text = hints[hint];
  if (text !== undefined) return { ...failure, steps, hint: { id: hint, text } };
  return { kind: 'our-fault', message: `check.ts names the hint "${hint}", which exercise.json does not have.`, steps };
}

/** The first check without an outcome bears what went wrong; where each has one, the last does. */
function withBreakdown(results: readonly CheckResult[], grading: Grading): CheckResult[] {
  const without = results.findIndex(({ outcome }) => outcome === 'skipped');
  const at = without < 0 ? results.length - 1 : without;
  return results.map((result, i) => (i === at ? { ...result, outcome: 'failed', failure: breakdown(grading) } : result));
}

function breakdown({ failed, end }: Grading): Failure {
  if (end?.exceeded) return tooMuch(end.exceeded);
  const log = [failed?.human ? '' : failed?.stack, end?.log].filter(Boolean).join('\n');
  const message = failed ? `The grading broke down, which is not your fault: ${failed.message}` : howItEnded(end);
  return { kind: 'our-fault', message, steps: [], ...(log && { stack: log }) };
}

function howItEnded(end: RunnerEnd | null): string {
  const own = "The grading's own process";
  const blame = 'as a program can that signals its parent or its process group. If yours does not, grade again.';
  if (end?.halted) return `${own} was stopped by a signal, ${blame}`;
  if (end?.reason === 'deadline') return `${own} broke down, which is not your fault: it had come to no end by itself.`;
  if (end?.exitSignal) return `${own} broke down: ${end.exitSignal} ended it, ${blame}`;
  return `${own} broke down, which is not your fault: it ended with exit code ${end?.exitCode ?? 'unknown'}.`;
}

function tooMuch({ what, amount }: CapExceeded): Failure {
  const [seen, allowed] = what === 'processes' ? [`${amount} processes`, `${PROCESS_CAP} processes`] : [mebibytes(amount), mebibytes(MEMORY_CAP_BYTES)];
  const verb = what === 'processes' ? 'started' : 'used';
  return { kind: 'leaked', message: `Your program ${verb} ${seen}${what === 'memory' ? ' of memory' : ''} and was ended.`, steps: [], expected: `at most ${allowed}`, actual: seen };
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
