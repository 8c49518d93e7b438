import type { CpuScenario } from '../../shared/scenario/cpu.ts';
import type { SimThread } from './thread.ts';
import type { Ticks } from './ticks.ts';

/** What tells one scheduling policy from another. Times in ticks. */
export interface Policy {
  /** The lower, the sooner; equals go by who became ready first. */
  rank(thread: SimThread): number;
  /** Whether a thread of lower rank takes the core of one of higher rank. */
  readonly preempts: boolean;
  /** How long a thread may keep a core that it gets now. */
  slice(thread: SimThread): number;
  /** `thread` arrives or its I/O is over; `present` are the others that run or are ready. */
  wake(thread: SimThread, present: readonly SimThread[]): void;
  /** `thread` has had `ran` of CPU time. */
  charge(thread: SimThread, ran: number): void;
  /** `thread` leaves its core by its own burst's end or because its slice is over. */
  leave(thread: SimThread): void;
}

const plain: Policy = {
  rank: () => 0,
  preempts: false,
  slice: () => Infinity,
  wake: () => undefined,
  charge: () => undefined,
  leave: () => undefined,
};

/** The policy that a checked scenario asks for. */
export function policyFor(scenario: CpuScenario, ticks: Ticks): Policy {
  const quantum = ticks.of(scenario.quantum ?? 0);
  switch (scenario.policy) {
    case 'fifo':
      return plain;
    case 'sjf':
      return { ...plain, rank: (thread) => thread.cpuLeft };
    case 'stcf':
      return { ...plain, rank: (thread) => thread.cpuLeft, preempts: true };
    case 'round-robin':
      return { ...plain, slice: () => quantum };
    case 'fair':
      return fair(quantum);
    case 'mlfq':
      return multiLevelFeedback(scenario, ticks);
  }
}

/** Weights are equal, so virtual run time is CPU time received; what wakes starts level with the one that has had least. */
function fair(quantum: number): Policy {
  return {
    ...plain,
    rank: (thread) => thread.virtualRunTime,
    slice: () => quantum,
    wake: (thread, present) => {
      if (present.length > 0) thread.virtualRunTime = present.reduce((least, each) => Math.min(least, each.virtualRunTime), Infinity);
    },
    charge: (thread, ran) => {
      thread.virtualRunTime += ran;
    },
  };
}

/**
 * Multi-level feedback queue by the rules of Arpaci-Dusseau, Operating Systems: Three Easy Pieces, chapter 8. An allotment that
 * is used up lowers the level, in however many bursts it was used; at the last level a new one begins there.
 */
function multiLevelFeedback(scenario: CpuScenario, ticks: Ticks): Policy {
  const quanta = (scenario.quanta ?? []).map((quantum) => ticks.of(quantum));
  const allotments = quanta.map((quantum, level) => quantum * (scenario.allotments?.[level] ?? 1));
  const quantum = (thread: SimThread): number => quanta[thread.level] as number;
  const allotment = (thread: SimThread): number => allotments[thread.level] as number;
  return {
    ...plain,
    rank: (thread) => thread.level,
    preempts: true,
    slice: (thread) => Math.min(quantum(thread), allotment(thread) - thread.used),
    charge: (thread, ran) => {
      thread.used += ran;
    },
    leave: (thread) => {
      if (thread.used < allotment(thread)) return;
      thread.level = Math.min(thread.level + 1, quanta.length - 1);
      thread.used = 0;
    },
  };
}
