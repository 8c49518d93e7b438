import type { PatternsScenario } from '../../shared/scenario/patterns.ts';
import { interarrival } from '../../shared/scenario/distribution.ts';
import { RandomStream } from '../engine/random.ts';
import { sampler } from '../queue/sampler.ts';

/** The fields of a scenario that belong to the load, not to the server. */
export type PatternsLoad = Pick<PatternsScenario, 'arrival' | 'classes' | 'requests' | 'seed'>;

/** One request as it is planned, whoever serves it. Times in the scenario's unit. */
export interface PlannedRequest {
  readonly index: number;
  readonly classIndex: number;
  readonly arriveAt: number;
  readonly cpu: number;
  /** 0 for a request without I/O. */
  readonly io: number;
}

/**
 * Open-loop load, one request after another: they arrive when the arrival process says, however the server fares. Gaps, classes,
 * CPU and I/O times come from streams of their own, so that two patterns under one seed see the same requests, and a real server too.
 */
export function* plannedRequests({ arrival, classes, requests, seed = 1 }: PatternsLoad): Generator<PlannedRequest, undefined> {
  const stream = (name: string): RandomStream => new RandomStream(seed, name);
  const nextGap = sampler(interarrival(arrival), stream('arrivals'));
  const nextClass = classPicker(classes, stream('classes'));
  const cpuStream = stream('cpu');
  const ioStream = stream('io');
  const times = classes.map(({ cpu, io }) => ({ cpu: sampler(cpu, cpuStream), io: io ? sampler(io, ioStream) : () => 0 }));
  let arriveAt = 0;
  for (let index = 0; index < requests; index++) {
    arriveAt += nextGap();
    const classIndex = nextClass();
    const { cpu, io } = times[classIndex] as (typeof times)[number];
    yield { index, classIndex, arriveAt, cpu: cpu(), io: io() };
  }
}

function classPicker(classes: PatternsLoad['classes'], random: RandomStream): () => number {
  if (classes.length === 1) return () => 0;
  return () => {
    let left = random.unit();
    for (let i = 0; i < classes.length - 1; i++) {
      left -= (classes[i] as (typeof classes)[number]).share;
      if (left < 0) return i;
    }
    return classes.length - 1;
  };
}
