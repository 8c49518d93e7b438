import type { Machine } from '../shared/report.ts';
import type { FromRunner } from '../shared/rpc.ts';
import type { Trace } from '../shared/trace.ts';
import type { RunnerHost } from './runnerHost.ts';
import { whyNoResult } from './runFailure.ts';
import { superviseRunner } from './superviseRunner.ts';

export interface ExperimentPlan {
  readonly labDir: string;
  readonly values: Readonly<Record<string, number>>;
  readonly machine: Machine;
}

export interface ExperimentResult {
  readonly trace: Trace;
  /** What this machine could not do, a sentence each. */
  readonly notes: readonly string[];
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
    else if (message.type === 'experiment-done') result = { trace: message.trace, notes: message.notes };
    else if (message.type === 'failed') failed = message;
  };
  const runner = await superviseRunner({ type: 'experiment', ...plan }, host, { signal: options.signal, deadlineMs, onMessage });
  const end = await runner.ended;
  if (result && end.reason !== 'cancelled') return result;
  options.signal?.throwIfAborted();
  throw whyNoResult(failed, end, deadlineMs);
}
