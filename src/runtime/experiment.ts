import type { Machine } from '../shared/report.ts';
import type { Found, FromRunner, Lacks } from '../shared/rpc.ts';
import type { Trace } from '../shared/trace.ts';
import type { PrivateLinkEntrance } from './privateLink.ts';
import type { RunnerHost } from './runnerHost.ts';
import { whyNoResult } from './runFailure.ts';
import { superviseRunner } from './superviseRunner.ts';

export interface ExperimentPlan {
  readonly labDir: string;
  readonly values: Readonly<Record<string, number>>;
  readonly machine: Machine;
  /** The lab's scenario with the values in their places; empty unless given. */
  readonly scenario?: Readonly<Record<string, unknown>>;
  /** The command that starts the runner on a private link, and that link; on this machine's own loopback unless given. */
  readonly on?: PrivateLinkEntrance | undefined;
}

export interface ExperimentResult {
  readonly trace: Trace;
  /** What this machine could not do, a sentence each. */
  readonly notes: readonly string[];
  /** The settings that were in force where it ran. */
  readonly machine: Machine;
  /** What its prediction takes from it, read before the run began. */
  readonly found: Found;
  /** What the run lacked, and why. */
  readonly lacks: Lacks;
  /** The longest that other work on this machine kept the measuring process from its own loop: what it measured may be late by that. */
  readonly heldUpMs: number;
}

export interface ExperimentOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((message: string, fraction: number | null) => void) | undefined;
  /** 150 s unless given: above the longest that the kernel retries a SYN for. */
  readonly deadlineMs?: number | undefined;
}

/**
 * Runs a lab's `experiment.ts` for real, in a runner of its own. Rejects with the signal's reason when cancelled, with a
 * HumanError where the lab or the machine is at fault, and with another Error for a bug.
 */
export async function runExperiment(plan: ExperimentPlan, host: RunnerHost, options: ExperimentOptions = {}): Promise<ExperimentResult> {
  let result: ExperimentResult | undefined;
  let failed: Extract<FromRunner, { type: 'failed' }> | undefined;
  const deadlineMs = options.deadlineMs ?? 150_000;
  const onMessage = (message: FromRunner): void => {
    if (message.type === 'progress') options.onProgress?.(message.message, message.fraction);
    else if (message.type === 'experiment-done') result = { trace: message.trace, notes: message.notes, heldUpMs: message.heldUpMs, machine: message.machine, lacks: message.lacks, found: message.found };
    else if (message.type === 'failed') failed = message;
  };
  const { labDir, values, machine, scenario = {}, on } = plan;
  const job = { type: 'experiment' as const, labDir, values, machine, scenario, link: on?.link ?? null };
  const runner = await superviseRunner(job, host, { signal: options.signal, deadlineMs, onMessage, enter: on?.enter });
  const end = await runner.ended;
  if (result && end.reason !== 'cancelled') return result;
  options.signal?.throwIfAborted();
  throw whyNoResult(failed, end, deadlineMs);
}
