import { RETRY_MODEL, intentEntity, type RetryKind } from '../../shared/retryTrace.ts';
import type { RetryScenario } from '../../shared/scenario/retry.ts';
import { TraceBuilder, type Trace, type TraceDetail } from '../../shared/trace.ts';
import { percentiles, type Percentiles } from '../queue/percentiles.ts';
import { Intents, type IntentObserver } from './intent.ts';

const TRACE_ROWS = 4000;

/** What became of all intents; latencies in milliseconds. */
export interface RetryOutput {
  readonly charges: number;
  /** Intents charged more than once. */
  readonly double_charged: number;
  /** Intents charged at least once whose client gave up without a reply. */
  readonly charged_unknown: number;
  readonly not_charged: number;
  readonly attempts: number;
  /** Of answered intents, from the first attempt to the reply; exact. */
  readonly latency_percentiles: Percentiles;
}

interface Row {
  readonly timeMs: number;
  readonly kind: RetryKind;
  readonly intent: number;
  readonly value: number;
  readonly detail: TraceDetail | undefined;
}

/** Plays every intent on its own: they share nothing but the random streams. */
export function simulateRetry(scenario: RetryScenario): { output: RetryOutput; trace: Trace } {
  const intents = new Intents(scenario);
  const latencies = new Float64Array(scenario.intents);
  const rows: Row[] = [];
  const sum = { charges: 0, double_charged: 0, charged_unknown: 0, not_charged: 0, attempts: 0 };
  let answered = 0;
  for (let intent = 0; intent < scenario.intents; intent++) {
    const traced = rows.length < TRACE_ROWS;
    const observe: IntentObserver = (timeMs, kind, value, detail) => {
      rows.push({ timeMs, kind, intent, value, detail });
    };
    const { charges, attempts, latencyMs } = intents.play(traced ? observe : undefined);
    sum.charges += charges;
    sum.attempts += attempts;
    if (charges > 1) sum.double_charged++;
    if (charges === 0) sum.not_charged++;
    if (latencyMs !== null) latencies[answered++] = latencyMs;
    else if (charges > 0) sum.charged_unknown++;
  }
  const latency_percentiles = percentiles(latencies.subarray(0, answered));
  return { output: { ...sum, latency_percentiles }, trace: traceOf(rows) };
}

/** Rows in order of time, those of one instant as they came. */
function traceOf(rows: readonly Row[]): Trace {
  const builder = new TraceBuilder('simulated', RETRY_MODEL);
  let endNs = 0;
  for (const row of [...rows].sort((a, b) => a.timeMs - b.timeMs)) {
    endNs = Math.round(row.timeMs * 1e6);
    builder.add(endNs, row.kind, intentEntity(row.intent), row.value, row.detail);
  }
  return builder.build(endNs);
}
