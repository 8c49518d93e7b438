import type { Machine } from '../shared/report.ts';
import type { ExperimentRecord, FromRunner, Parts } from '../shared/rpc.ts';
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
  /** The lab's parts, with the values in their places; none unless given. */
  readonly parts?: Parts;
  /** The command that starts the runner on a private link, and that link; on this machine's own loopback unless given. */
  readonly on?: PrivateLinkEntrance | undefined;
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
export async function runExperiment(plan: ExperimentPlan, host: RunnerHost, options: ExperimentOptions = {}): Promise<ExperimentRecord> {
  let result: ExperimentRecord | undefined;
  let failed: Extract<FromRunner, { type: 'failed' }> | undefined;
  const deadlineMs = options.deadlineMs ?? 150_000;
  const onMessage = (message: FromRunner): void => {
    if (message.type === 'progress') options.onProgress?.(message.message, message.fraction);
    else if (message.type === 'experiment-done') result = message.record;
    else if (message.type === 'failed') failed = message;
  };
  const { labDir, values, machine, scenario = {}, parts = {}, on } = plan;
  const job = { type: 'experiment' as const, labDir, values, machine, scenario, parts, link: on?.link ?? null };
  const runner = await superviseRunner(job, host, { signal: options.signal, deadlineMs, onMessage, enter: on?.enter });
  const end = await runner.ended;
  if (result && end.reason !== 'cancelled') return result;
  options.signal?.throwIfAborted();
  throw whyNoResult(failed, end, deadlineMs);
}
