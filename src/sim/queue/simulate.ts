import { RandomStream } from '../engine/random.ts';
import { Simulator } from '../engine/simulator.ts';
import { interarrival } from '../../shared/scenario/distribution.ts';
import type { QueueScenario } from '../../shared/scenario/queue.ts';
import type { Trace } from '../../shared/trace.ts';
import { halfWidth95 } from './batchMeans.ts';
import { meanOrNull, percentiles, type Percentiles } from './percentiles.ts';
import { QueueRecord } from './record.ts';
import { sampler } from './sampler.ts';
import { ServerStation } from './serverStation.ts';
import { SharingStation } from './sharingStation.ts';

/** Figures of a queue's run; times in the scenario's unit. Figures of nobody are null. */
export interface QueueOutput {
  /** Served after the warm-up. */
  readonly customers: number;
  readonly lost: number;
  readonly mean_wait: number | null;
  readonly mean_sojourn: number | null;
  readonly mean_queue_length: number;
  /** The share of the servers that is busy. */
  readonly utilization: number;
  readonly wait_percentiles: Percentiles;
  /** See `halfWidth95`; null below 30 customers. */
  readonly ci95_mean_wait: number | null;
  /** Arrivals and departures, the warm-up's included. */
  readonly events: number;
}

/**
 * Runs a queue until all its customers are served or lost. Times between arrivals and service times come from streams of their own, so
 * two disciplines under one seed see the same customers.
 */
export function simulateQueue(scenario: QueueScenario): { output: QueueOutput; trace: Trace } {
  const { nextGap, nextService } = customerStreams(scenario);
  return runQueue(scenario, nextGap, nextService);
}

/** Runs a queue on given numbers: `nextGap` and `nextService` draw each customer's time since the one before, and its service time. */
export function runQueue(scenario: QueueScenario, nextGap: () => number, nextService: () => number): { output: QueueOutput; trace: Trace } {
  const { servers, customers, discipline = 'fifo' } = scenario;
  const simulator = new Simulator();
  const record = new QueueRecord(scenario);
  const capacity = scenario.capacity ?? Infinity;
  const station =
    discipline === 'processor-sharing'
      ? new SharingStation(simulator, record, servers, capacity)
      : new ServerStation(simulator, record, servers, capacity, discipline);
  let arrived = 0;
  const arrive = (): void => {
    const customer = arrived++;
    if (arrived < customers) simulator.schedule(nextGap(), arrive);
    record.arrival(customer, simulator.now, nextService());
    station.arrive(customer);
  };
  simulator.schedule(nextGap(), arrive);
  simulator.run();
  return { output: summary(scenario, record), trace: record.trace.build(simulator.now) };
}

function customerStreams(scenario: QueueScenario): { nextGap: () => number; nextService: () => number } {
  const seed = scenario.seed ?? 1;
  return {
    nextGap: sampler(interarrival(scenario.arrival), new RandomStream(seed, 'arrivals')),
    nextService: sampler(scenario.service, new RandomStream(seed, 'services')),
  };
}

function summary(scenario: QueueScenario, record: QueueRecord): QueueOutput {
  const waits = record.countedWaits();
  const meanWait = meanOrNull(waits);
  const meanService = record.meanServiceTime();
  const halfWidth = halfWidth95(waits);
  return {
    customers: waits.length,
    lost: record.lost,
    mean_wait: meanWait,
    mean_sojourn: meanWait === null || meanService === null ? null : meanWait + meanService,
    mean_queue_length: record.meanQueueLength,
    utilization: record.meanBusy / scenario.servers,
    wait_percentiles: percentiles(waits),
    ci95_mean_wait: halfWidth,
    events: scenario.customers + record.served,
  };
}
