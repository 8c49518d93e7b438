import type { RandomStream } from '../engine/random.ts';
import type { Simulator } from '../engine/simulator.ts';
import { interarrival } from '../../shared/scenario/distribution.ts';
import type { PatternsScenario } from '../../shared/scenario/patterns.ts';
import { sampler } from '../queue/sampler.ts';
import type { Request } from './request.ts';

/**
 * Open-loop load: requests arrive when the arrival process says, however the server fares. Gaps, classes, CPU and I/O times come from
 * streams of their own, so that two patterns under one seed see the same requests.
 */
export function requestSource(
  simulator: Simulator,
  scenario: PatternsScenario,
  stream: (name: string) => RandomStream,
  arrive: (request: Request) => void,
): void {
  const nextGap = sampler(interarrival(scenario.arrival), stream('arrivals'));
  const nextClass = classPicker(scenario, stream('classes'));
  const cpuStream = stream('cpu');
  const ioStream = stream('io');
  const classes = scenario.classes.map(({ cpu, io }) => ({ cpu: sampler(cpu, cpuStream), io: io ? sampler(io, ioStream) : () => 0 }));
  let index = 0;
  const next = (): void => {
    const classIndex = nextClass();
    const times = classes[classIndex] as (typeof classes)[number];
    const request: Request = { index: index++, classIndex, arrivedAt: simulator.now, cpu: times.cpu(), io: times.io() };
    if (index < scenario.requests) simulator.schedule(nextGap(), next);
    arrive(request);
  };
  simulator.schedule(nextGap(), next);
}

function classPicker(scenario: PatternsScenario, random: RandomStream): () => number {
  const { classes } = scenario;
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
