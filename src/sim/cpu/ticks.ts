import type { CpuScenario } from '../../shared/scenario/cpu.ts';
import { threadsOf } from '../../shared/scenario/cpu.ts';

/** Turns a scenario's times into whole ticks and back, so that sums of tenths are exact. */
export interface Ticks {
  readonly perUnit: number;
  of(time: number): number;
  toUnits(ticks: number): number;
  /** A unit of the scenario is a millisecond of the trace. */
  toNs(ticks: number): number;
}

/** The coarsest decimal tick in which every time of the scenario is whole; never finer than a millionth of its unit. */
export function ticksFor(scenario: CpuScenario): Ticks {
  const times = timesOf(scenario);
  let perUnit = 1;
  while (perUnit < 1e6 && !times.every((time) => isWhole(time * perUnit))) perUnit *= 10;
  return {
    perUnit,
    of: (time) => Math.round(time * perUnit),
    toUnits: (ticks) => ticks / perUnit,
    toNs: (ticks) => ticks * (1e6 / perUnit),
  };
}

function isWhole(value: number): boolean {
  return Math.abs(value - Math.round(value)) <= 1e-9 * Math.max(1, Math.abs(value));
}

function timesOf(scenario: CpuScenario): number[] {
  const { quantum, quanta, boost, context_switch: cost, processes } = scenario;
  const bursts = processes.flatMap(threadsOf).flatMap((thread) => thread.bursts);
  return [
    ...bursts.map((burst) => ('cpu' in burst ? burst.cpu : burst.io)),
    ...processes.map((process) => process.arrival ?? 0),
    ...(quanta ?? []),
    quantum ?? 0,
    boost ?? 0,
    cost?.process ?? 0,
    cost?.thread ?? 0,
  ];
}
