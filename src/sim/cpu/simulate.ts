import type { CpuOutput, CpuScenario } from '../../shared/scenario/cpu.ts';
import type { Trace } from '../../shared/trace.ts';
import { Memory } from './memory.ts';
import { policyFor } from './policy.ts';
import { Recording } from './recording.ts';
import { Scheduler } from './scheduler.ts';
import { threadsFor } from './thread.ts';
import { ticksFor } from './ticks.ts';

/**
 * Schedules a checked scenario's threads on its cores. The output's times have the scenario's unit; in the trace, whose kinds
 * are in src/shared/cpuTrace.ts, that unit is a millisecond. Times finer than a millionth of it are rounded.
 */
export function simulateCpu(scenario: CpuScenario): { output: CpuOutput; trace: Trace } {
  const ticks = ticksFor(scenario);
  const threads = threadsFor(scenario, ticks);
  const adding = threads.some((thread) => thread.adds > 0);
  const memory = new Memory(scenario, adding);
  const recording = new Recording(ticks, scenario.policy === 'mlfq', memory);
  const machine = {
    cores: scenario.cores ?? 1,
    switchProcess: ticks.of(scenario.context_switch?.process ?? 0),
    switchThread: ticks.of(scenario.context_switch?.thread ?? 0),
    boost: scenario.policy === 'mlfq' && scenario.boost ? ticks.of(scenario.boost) : null,
  };
  const scheduler = new Scheduler(threads, machine, policyFor(scenario, ticks), recording);
  const end = scheduler.run();
  const output: CpuOutput = {
    timeline: recording.timeline(),
    threads: threads.map((thread) => ({
      thread: thread.name,
      response: ticks.toUnits(thread.firstRun - thread.arrival),
      turnaround: ticks.toUnits(thread.finish - thread.arrival),
      wait: ticks.toUnits(thread.finish - thread.arrival - thread.cpuTotal - thread.ioTotal),
    })),
    cores: scheduler.cores.map((core) => ({ core: core.number, utilization: core.busy / end, switches: core.switches })),
    ...(adding && { counters: memory.readings() }),
  };
  return { output, trace: recording.build(end) };
}
