import { parseCpuScenario, type CpuOutput, type CpuScenario } from '../../../src/shared/scenario/cpu.ts';
import { simulateCpu } from '../../../src/sim/cpu/simulate.ts';

/** The output of a scenario that passes the same validation as a file. */
export function outputOf(scenario: Omit<CpuScenario, 'kind'>): CpuOutput {
  return simulateCpu(parseCpuScenario({ kind: 'cpu', ...scenario })).output;
}

/** The timeline of all cores as `A0-3 B3-5`, with `@core` where there is more than one core. */
export function gantt({ timeline, cores }: CpuOutput): string {
  return timeline.map(({ core, thread, from, to }) => `${thread}${from}-${to}${cores.length > 1 ? `@${core}` : ''}`).join(' ');
}

/** One figure of each thread in listed order. */
export function column(output: CpuOutput, figure: 'response' | 'turnaround' | 'wait'): number[] {
  return output.threads.map((thread) => thread[figure]);
}
