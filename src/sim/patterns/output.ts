import type { PatternsScenario } from '../../shared/scenario/patterns.ts';
import { meanOrNull, percentiles, type Percentiles } from '../queue/percentiles.ts';
import type { PatternsRecord } from './record.ts';

/** Times in the scenario's unit; figures of nobody are null. */
export interface RequestFigures {
  /** Requests that leave per unit of time, from the arrival of the first that counts until the last leaves. */
  readonly throughput: number;
  /** Exact. */
  readonly sojourn_percentiles: Percentiles;
  readonly mean_wait: number | null;
}

export interface PatternsOutput extends RequestFigures {
  readonly per_class: readonly (RequestFigures & { readonly name: string; readonly requests: number })[];
  /** In order of their numbers; of a process per connection one entry, all processes on all cores. `utilization`: the share of time in which it can take no other request. */
  readonly per_worker: readonly WorkerFigures[];
  /** Jain's index of the workers' requests: 1 where all served as many, 1/n where one served all. */
  readonly fairness: number;
  /** In the whole run, the warm-up included, so that a crash shows whenever it comes. */
  readonly lost: number;
  readonly memory_kb: number;
}

export interface WorkerFigures {
  readonly requests: number;
  readonly utilization: number;
}

/** The output of a run. */
export function summarize(scenario: PatternsScenario, record: PatternsRecord, perWorker: readonly WorkerFigures[], memoryKb: number): PatternsOutput {
  const served = (classIndex: number | null) => (_: unknown, i: number): boolean =>
    !Number.isNaN(record.sojourn[i]) && (classIndex === null || record.classOf[i] === classIndex);
  const span = record.windowEnd - record.windowStart;
  const figures = (classIndex: number | null): RequestFigures & { requests: number } => {
    const departures = classIndex === null ? record.departures.reduce((sum, count) => sum + count, 0) : (record.departures[classIndex] ?? 0);
    const sojourns = record.sojourn.filter(served(classIndex));
    return {
      requests: sojourns.length,
      throughput: span > 0 ? departures / span : 0,
      sojourn_percentiles: percentiles(sojourns),
      mean_wait: meanOrNull(record.wait.filter(served(classIndex))),
    };
  };
  const { throughput, sojourn_percentiles, mean_wait } = figures(null);
  return {
    throughput,
    sojourn_percentiles,
    mean_wait,
    per_class: scenario.classes.map(({ name }, i) => ({ name, ...figures(i) })),
    per_worker: perWorker,
    fairness: jain(perWorker.map((worker) => worker.requests)),
    lost: scenario.requests - record.servedInAll,
    memory_kb: memoryKb,
  };
}

/** (Σx)² / (n Σx²) (Jain, Chiu and Hawe 1984); 1 where nobody did anything. */
function jain(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  const squares = values.reduce((total, value) => total + value * value, 0);
  return squares > 0 ? (sum * sum) / (values.length * squares) : 1;
}
