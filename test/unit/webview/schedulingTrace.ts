import { parseCpuScenario } from '../../../src/shared/scenario/cpu.ts';
import type { Trace } from '../../../src/shared/trace.ts';
import { simulateCpu } from '../../../src/sim/cpu/simulate.ts';

/** A parent with a long thread and short ones, and child processes, as in lab 01. Times in ms. */
export interface Family {
  readonly threads: number;
  readonly children: number;
  readonly cores: number;
  readonly quantum: number;
  readonly longMs: number;
  readonly shortMs: number;
  /** 0: the short ones only compute. */
  readonly ioMs: number;
  readonly adds: number;
  readonly policy: 'fair' | 'fifo' | 'round-robin';
  /** What the short threads are called. */
  readonly name: string;
}

export function familyTrace({ threads, children, cores, quantum, longMs, shortMs, ioMs, adds, policy, name }: Family): Trace {
  const bursts = ioMs > 0 ? [{ cpu: shortMs }, { io: ioMs }, { cpu: shortMs }] : [{ cpu: shortMs }];
  const parent = { name: 'parent', memory_kb: 11_000, threads: [{ name: 'long', memory_kb: 11_000, bursts: [{ cpu: longMs }] }, { name, count: threads, memory_kb: 11_000, adds, bursts }] };
  const scenario = { kind: 'cpu', cores, policy, quantum, context_switch: { process: 0, thread: 0 }, processes: [parent, { name: 'child', count: children, memory_kb: 10_000, adds, bursts }] };
  return simulateCpu(parseCpuScenario(scenario)).trace;
}

/** The same as a measurement has it: numbers of processes and threads, and nothing about switches and idle cores. */
export function measuredFamily(trace: Trace): Trace {
  const pids = new Map<string, number>();
  const details = trace.details.map((detail) => {
    const process = detail.process;
    if (typeof process !== 'string' || detail.thread !== undefined) return detail;
    const pid = pids.get(process) ?? 1_234_500 + 20 * pids.size;
    pids.set(process, pid);
    return { ...detail, pid, tid: pid + 3 };
  });
  return { ...trace, source: 'measured', details };
}
