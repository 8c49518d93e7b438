import { CPU_KIND, CPU_MODEL, coreEntity, processEntity, RUN_QUEUE_ENTITY, threadEntity, type ReadyReason } from '../../shared/cpuTrace.ts';
import type { CpuSlice } from '../../shared/scenario/cpu.ts';
import { TraceBuilder, type Trace, type TraceDetail } from '../../shared/trace.ts';
import type { Core } from './core.ts';
import type { Memory } from './memory.ts';
import type { SimThread } from './thread.ts';
import type { Ticks } from './ticks.ts';

/** Writes down what the scheduler does: the trace and the timeline. Times in ticks. */
export class Recording {
  private readonly trace = new TraceBuilder('simulated', CPU_MODEL);
  private readonly slices: { core: number; thread: string; from: number; to: number }[] = [];
  /** Per core the slice that the next one may continue. */
  private readonly last: { core: number; thread: string; from: number; to: number }[] = [];
  private queueLength = 0;

  constructor(
    private readonly ticks: Ticks,
    private readonly withLevels: boolean,
    private readonly memory: Memory,
  ) {}

  arrive(now: number, thread: SimThread): void {
    this.trace.add(this.ticks.toNs(now), CPU_KIND.arrive, threadEntity(thread.name), 0, { process: thread.process });
    const { taken, readings } = this.memory.arrive(thread);
    for (const { entity, kb } of taken) this.trace.add(this.ticks.toNs(now), CPU_KIND.memory, entity, kb);
    for (const { process, counter } of readings) this.counter(now, process, counter);
  }

  ready(now: number, thread: SimThread, why: ReadyReason): void {
    const detail: TraceDetail = this.withLevels ? { why, level: thread.level } : { why };
    this.trace.add(this.ticks.toNs(now), CPU_KIND.ready, threadEntity(thread.name), 0, detail);
  }

  switch(now: number, core: Core, from: SimThread, to: SimThread, cost: number): void {
    const detail = { thread: to.name, from: from.name };
    this.trace.add(this.ticks.toNs(now), CPU_KIND.switch, coreEntity(core.number), this.ticks.toNs(cost), detail);
  }

  dispatch(now: number, core: Core, thread: SimThread): void {
    const detail = { thread: thread.name, process: thread.process };
    this.trace.add(this.ticks.toNs(now), CPU_KIND.dispatch, coreEntity(core.number), this.ticks.toNs(thread.burstLeft), detail);
  }

  preempt(now: number, core: Core, thread: SimThread, why: 'quantum' | 'preempted'): void {
    this.trace.add(this.ticks.toNs(now), CPU_KIND.preempt, coreEntity(core.number), 0, { thread: thread.name, why });
  }

  idle(now: number, core: Core): void {
    this.trace.add(this.ticks.toNs(now), CPU_KIND.idle, coreEntity(core.number));
  }

  block(now: number, thread: SimThread, io: number): void {
    this.trace.add(this.ticks.toNs(now), CPU_KIND.block, threadEntity(thread.name), this.ticks.toNs(io));
  }

  finish(now: number, thread: SimThread): void {
    for (const { process, counter } of this.memory.finish(thread)) this.counter(now, process, counter);
    this.trace.add(this.ticks.toNs(now), CPU_KIND.finish, threadEntity(thread.name), this.ticks.toNs(now - thread.arrival));
  }

  private counter(now: number, process: string, counter: number): void {
    this.trace.add(this.ticks.toNs(now), CPU_KIND.counter, processEntity(process), counter);
  }

  boost(now: number): void {
    this.trace.add(this.ticks.toNs(now), CPU_KIND.boost, RUN_QUEUE_ENTITY);
  }

  /** Told at the end of every instant; only changes are written. */
  runQueue(now: number, length: number): void {
    if (length === this.queueLength) return;
    this.queueLength = length;
    this.trace.add(this.ticks.toNs(now), CPU_KIND.runQueue, RUN_QUEUE_ENTITY, length);
  }

  /** `core` ran `thread`; a slice that continues the one before it is merged with it. */
  ran(core: Core, thread: SimThread, from: number, to: number): void {
    const before = this.last[core.number];
    if (before && before.thread === thread.name && before.to === from) {
      before.to = to;
      return;
    }
    const slice = { core: core.number, thread: thread.name, from, to };
    this.last[core.number] = slice;
    this.slices.push(slice);
  }

  /** All slices in order of their beginnings, then of cores, in the scenario's unit. */
  timeline(): CpuSlice[] {
    const toUnits = (ticks: number): number => this.ticks.toUnits(ticks);
    const sorted = [...this.slices].sort((a, b) => a.from - b.from || a.core - b.core);
    return sorted.map(({ core, thread, from, to }) => ({ core, thread, from: toUnits(from), to: toUnits(to) }));
  }

  build(end: number): Trace {
    return this.trace.build(this.ticks.toNs(end));
  }
}
