import { parseRetryScenario } from '../../../src/shared/scenario/retry.ts';
import type { Trace } from '../../../src/shared/trace.ts';
import { simulateRetry } from '../../../src/sim/retry/simulate.ts';
import { intentCount, intentTrace, retriesOf, type Retries } from '../../../webview/diagram/retries.ts';

const SCENARIO = {
  kind: 'retry',
  intents: 12,
  request_loss: 0.1,
  reply_loss: 0.2,
  max_attempts: 4,
  key: false,
  replay_ms: 0,
  timeout_ms: 200,
  backoff: { base_ms: 50, factor: 2, jitter: 'none' },
  service_ms: 20,
  seed: 1,
};

/** A simulated run of retries: the scenario with `change`. */
export function retryTrace(change: object): { readonly trace: Trace; readonly charges: number } {
  const { trace, output } = simulateRetry(parseRetryScenario({ ...SCENARIO, ...change }));
  return { trace, charges: output.charges };
}

/** The intent of such a run with the most steps. */
export function busiestIntent(change: object): { readonly intent: number; readonly trace: Trace; readonly told: Retries } {
  const { trace } = retryTrace(change);
  const each = Array.from({ length: intentCount(trace) }, (_, intent) => {
    const own = intentTrace(trace, intent);
    return { intent, trace: own, told: retriesOf(own) };
  });
  return each.reduce((best, one) => (one.told.rungs.length > best.told.rungs.length ? one : best));
}
