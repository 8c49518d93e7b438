import { randomInt } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import type { RunnerHost } from '../runtime/runnerHost.ts';
import { superviseRunner, type RunnerEnd } from '../runtime/superviseRunner.ts';
import type { Exercise } from '../shared/lab.ts';
import type { ExerciseReport } from '../shared/report.ts';
import type { CheckOutcome, DebugTarget, FromRunner } from '../shared/rpc.ts';
import { foldReport, type Grading } from './foldReport.ts';

export interface GradeRequest {
  readonly exercise: { readonly dir: string; readonly lab: string; readonly exercise: Exercise };
  /** The learner's text, saved or not. */
  readonly source: string;
  /** Where the learner's file is, for its name. */
  readonly path: string;
  /** Repeats the faults of an earlier grading; drawn unless given. */
  readonly seed?: number | undefined;
}

export interface GradeOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the title of each check that begins. */
  readonly onProgress?: ((check: string) => void) | undefined;
  /**
   * Makes it a grading under a debugger: called with each program, which waits to be attached to, breakpoints being for the
   * request's path; `ended` resolves when the program is over. No time limit holds.
   */
  readonly onDebuggable?: OnDebuggable | undefined;
}

export type OnDebuggable = (target: DebugTarget, ended: Promise<void>) => void;

/** The runner ends the grading at the exercise's time limit itself; this much later it is ended by force. */
const BACKSTOP_MS = 600;

/** Grades a learner's text in a runner of its own. Never rejects: what goes wrong, also with us, is in the report. */
export async function gradeExercise(request: GradeRequest, host: RunnerHost, { signal, onProgress, onDebuggable }: GradeOptions = {}): Promise<ExerciseReport> {
  const { dir, exercise } = request.exercise;
  const began = performance.now();
  const seed = request.seed ?? randomInt(2 ** 31);
  const outcomes: CheckOutcome[] = [];
  const grading: Grading = { request, seed, outcomes, done: null, failed: null, cancelled: false, end: null, durationMs: 0 };
  /** Of the programs under the debugger. */
  const ends = new Map<number, () => void>();
  const onMessage = (message: FromRunner): void => {
    if (message.type === 'check-started') onProgress?.(exercise.checks.find(({ id }) => id === message.id)?.title ?? message.id);
    else if (message.type === 'debuggable') onDebuggable?.({ pid: message.pid, port: message.port }, new Promise((resolve) => ends.set(message.pid, resolve)));
    else if (message.type === 'debugged') ends.get(message.pid)?.();
    else if (message.type === 'check-done') outcomes.push(message.outcome);
    else if (message.type === 'checks-done') grading.done = { output: message.output, evidence: message.evidence };
    else if (message.type === 'failed') grading.failed = message;
  };
  const job = {
    type: 'check' as const,
    labDir: resolve(dir, '../..'),
    checkPath: join(dir, 'check.ts'),
    source: request.source,
    fileName: basename(request.path),
    seed,
    mayStartProcesses: exercise.allows?.includes('child-processes') ?? false,
    timeLimitMs: exercise.timeLimitMs,
    debugAs: onDebuggable ? request.path : null,
    checks: exercise.checks.map(({ id }) => id),
  };
  try {
    const runner = await superviseRunner(job, host, { signal, deadlineMs: onDebuggable ? null : exercise.timeLimitMs + BACKSTOP_MS, onMessage });
    const end: RunnerEnd = await runner.ended;
    grading.end = end;
    grading.cancelled = end.reason === 'cancelled';
  } catch (error) {
    grading.cancelled = signal?.aborted ?? false;
    grading.failed = { type: 'failed', message: error instanceof Error ? error.message : String(error), human: false, stack: error instanceof Error ? (error.stack ?? '') : '' };
  }
  // A runner that was killed has told of no end.
  for (const ended of ends.values()) ended();
  grading.durationMs = performance.now() - began;
  return foldReport(grading);
}
