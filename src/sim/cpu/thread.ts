import type { CpuBurst, CpuScenario } from '../../shared/scenario/cpu.ts';
import { threadsOf } from '../../shared/scenario/cpu.ts';
import type { Ticks } from './ticks.ts';

/** CPU time, then I/O: `io` is 0 where the next burst, or the end, follows at once. In ticks. */
interface Burst {
  readonly cpu: number;
  readonly io: number;
}

/** A thread as the scheduler sees it. All times in ticks. */
export interface SimThread {
  /** Its place in the scenario: the last of all ties. */
  readonly index: number;
  readonly name: string;
  readonly process: string;
  /** Besides its process's, in kB. */
  readonly memoryKb: number;
  /** What it has added to its process's counter when it ends. */
  readonly adds: number;
  readonly arrival: number;
  readonly bursts: readonly Burst[];
  readonly cpuTotal: number;
  readonly ioTotal: number;
  state: 'unborn' | 'ready' | 'running' | 'blocked' | 'done';
  burst: number;
  /** CPU time that the present burst still needs. */
  burstLeft: number;
  /** CPU time that all bursts still need. */
  cpuLeft: number;
  /** When it arrives (unborn) or its I/O ends (blocked). */
  wakeAt: number;
  readyAt: number;
  /** 1 where it lost its core at `readyAt`: it goes behind those that arrived at that instant. */
  readyClass: 0 | 1;
  firstRun: number;
  finish: number;
  /** mlfq: 0 is the highest. */
  level: number;
  /** mlfq: CPU time used of this level's allotment. */
  used: number;
  /** fair: CPU time received, raised or lowered when it wakes. */
  virtualRunTime: number;
}

/** The scenario's threads in its order, before anything has happened. */
export function threadsFor(scenario: CpuScenario, ticks: Ticks): SimThread[] {
  const described = scenario.processes.flatMap((process) => threadsOf(process).map((thread) => ({ process, thread })));
  return described.map(({ process, thread }, index) => {
    const bursts = mergedBursts(thread.bursts, ticks);
    const cpuTotal = bursts.reduce((sum, burst) => sum + burst.cpu, 0);
    const arrival = ticks.of(process.arrival ?? 0);
    return {
      index,
      name: thread.name,
      process: process.name,
      memoryKb: thread.memory_kb ?? 0,
      adds: thread.adds ?? 0,
      arrival,
      bursts,
      cpuTotal,
      ioTotal: bursts.reduce((sum, burst) => sum + burst.io, 0),
      state: 'unborn',
      burst: 0,
      burstLeft: (bursts[0] as Burst).cpu,
      cpuLeft: cpuTotal,
      wakeAt: arrival,
      readyAt: 0,
      readyClass: 0,
      firstRun: -1,
      finish: 0,
      level: 0,
      used: 0,
      virtualRunTime: 0,
    };
  });
}

/** Pairs of CPU and I/O; bursts of one kind in a row are one. A list that begins with I/O begins with a pair without CPU. */
function mergedBursts(bursts: readonly CpuBurst[], ticks: Ticks): Burst[] {
  const merged: { cpu: number; io: number }[] = [];
  for (const burst of bursts) {
    const last = merged.at(-1);
    if ('io' in burst) {
      if (last) last.io += ticks.of(burst.io);
      else merged.push({ cpu: 0, io: ticks.of(burst.io) });
    } else if (last && last.io === 0) {
      last.cpu += ticks.of(burst.cpu);
    } else {
      merged.push({ cpu: ticks.of(burst.cpu), io: 0 });
    }
  }
  return merged;
}
