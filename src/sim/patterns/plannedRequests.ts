import type { PatternsScenario } from '../../shared/scenario/patterns.ts';
import { interarrival } from '../../shared/scenario/distribution.ts';
import { RandomStream } from '../engine/random.ts';
import { sampler } from '../queue/sampler.ts';

/** The fields of a scenario that belong to the load, not to the server. */
export type PatternsLoad = Pick<PatternsScenario, 'arrival' | 'classes' | 'requests' | 'schedule' | 'seed'>;

/** One request as it is planned, whoever serves it. Times in the scenario's unit. */
export interface PlannedRequest {
  readonly index: number;
  readonly classIndex: number;
  readonly arriveAt: number;
  readonly cpu: number;
  /** 0 for a request without I/O. */
  readonly io: number;
  /** CPU time of its callback after the I/O; 0 where there is none. */
  readonly after: number;
}

/**
 * Open-loop load, one request after another: they arrive when the schedule or the arrival process says, however the server fares. Gaps,
 * classes, CPU and I/O times come from streams of their own, so that two patterns under one seed see the same requests, and a real server too.
 */
export function* plannedRequests(load: PatternsLoad): Generator<PlannedRequest, undefined> {
  const { classes, schedule, seed = 1 } = load;
  const stream = (name: string): RandomStream => new RandomStream(seed, name);
  const cpuStream = stream('cpu');
  const ioStream = stream('io');
  const afterStream = stream('after');
  const times = classes.map(({ cpu, io, after }) => ({
    cpu: sampler(cpu, cpuStream),
    io: io ? sampler(io, ioStream) : () => 0,
    after: io && after ? sampler(after, afterStream) : () => 0,
  }));
  let index = 0;
  for (const { arriveAt, classIndex } of schedule ? scheduled(schedule, classes) : drawn(load, stream)) {
    const { cpu, io, after } = times[classIndex] as (typeof times)[number];
    yield { index: index++, classIndex, arriveAt, cpu: cpu(), io: io(), after: after() };
  }
}

type Arrivals = Iterable<Pick<PlannedRequest, 'arriveAt' | 'classIndex'>>;

function scheduled(schedule: NonNullable<PatternsLoad['schedule']>, classes: PatternsLoad['classes']): Arrivals {
  return schedule
    .flatMap(({ class: name, at, every, count }) => {
      const classIndex = classes.findIndex((each) => each.name === name);
      return Array.from({ length: count }, (_, i) => ({ arriveAt: at + i * every, classIndex }));
    })
    .sort((a, b) => a.arriveAt - b.arriveAt);
}

function* drawn({ arrival, classes, requests }: PatternsLoad, stream: (name: string) => RandomStream): Generator<Pick<PlannedRequest, 'arriveAt' | 'classIndex'>, undefined> {
  if (!arrival) throw new Error('A load has a schedule or an arrival process.');
  const nextGap = sampler(interarrival(arrival), stream('arrivals'));
  const nextClass = classPicker(classes, stream('classes'));
  let arriveAt = 0;
  for (let index = 0; index < requests; index++) {
    arriveAt += nextGap();
    yield { arriveAt, classIndex: nextClass() };
  }
}

function classPicker(classes: PatternsLoad['classes'], random: RandomStream): () => number {
  if (classes.length === 1) return () => 0;
  return () => {
    let left = random.unit();
    for (let i = 0; i < classes.length - 1; i++) {
      left -= classes[i]?.share ?? 0;
      if (left < 0) return i;
    }
    return classes.length - 1;
  };
}
