import { HumanError } from '../shared/errors.ts';
import type { FromRunner } from '../shared/rpc.ts';
import type { RunnerEnd } from './superviseRunner.ts';

/** The error for a run that gave no result. */
export function whyNoResult(failed: Extract<FromRunner, { type: 'failed' }> | undefined, end: RunnerEnd, deadlineMs: number | null): Error {
  if (failed?.human) return new HumanError(failed.message);
  if (failed) return Object.assign(new Error(failed.message), { stack: failed.stack });
  if (end.reason === 'deadline') return new HumanError(`The run was ended after ${Math.round((deadlineMs ?? 0) / 1000)} s, since it had come to no end.`);
  if (end.exceeded) return new Error(`The run was ended for taking ${end.exceeded.amount} ${end.exceeded.what === 'memory' ? 'bytes of memory' : 'processes'}.`);
  const how = end.exitSignal ?? `exit code ${end.exitCode ?? 'unknown'}`;
  return new Error(`The runner ended (${how}) without a result.${end.log ? ` It printed:\n${end.log}` : ''}`);
}
