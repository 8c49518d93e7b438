import { processEntity, threadEntity } from '../../shared/cpuTrace.ts';
import type { CpuScenario } from '../../shared/scenario/cpu.ts';
import type { SimThread } from './thread.ts';

/** Memory that something takes when it comes to be. */
interface Taken {
  readonly entity: string;
  readonly kb: number;
}

/** What a process reads in the counter that its threads add to. */
interface Reading {
  readonly process: string;
  readonly counter: number;
}

/** What processes have in memory: how much, and a counter that those see alike who share it. Sizes in kB. */
export class Memory {
  /** Process → the process whose memory it has: itself, unless it shares another's. */
  private readonly owners: ReadonlyMap<string, string>;
  private readonly sizes: ReadonlyMap<string, number>;
  private readonly counters = new Map<string, number>();
  private readonly arrived = new Set<string>();

  constructor(
    { processes }: CpuScenario,
    private readonly withCounters: boolean,
  ) {
    this.owners = new Map(processes.map((process) => [process.name, process.shares_memory_of ?? process.name]));
    this.sizes = new Map(processes.map((process) => [process.name, process.memory_kb ?? 0]));
  }

  /** A process comes with its first thread. */
  arrive({ name, process, memoryKb }: SimThread): { readonly taken: readonly Taken[]; readonly readings: readonly Reading[] } {
    const first = !this.arrived.has(process);
    this.arrived.add(process);
    const taken = [...(first ? [{ entity: processEntity(process), kb: this.sizes.get(process) ?? 0 }] : []), { entity: threadEntity(name), kb: memoryKb }];
    const readings = first && this.withCounters ? [{ process, counter: this.read(process) }] : [];
    return { taken: taken.filter(({ kb }) => kb > 0), readings };
  }

  /** What each process that shares this memory reads once the thread has added what it adds. */
  finish({ process, adds }: SimThread): readonly Reading[] {
    if (adds === 0) return [];
    const owner = this.owners.get(process) ?? process;
    const counter = this.read(process) + adds;
    this.counters.set(owner, counter);
    return [...this.arrived].filter((other) => this.owners.get(other) === owner).map((other) => ({ process: other, counter }));
  }

  /** Processes and what they read, in the order in which the scenario lists them. */
  readings(): readonly Reading[] {
    return [...this.owners.keys()].map((process) => ({ process, counter: this.read(process) }));
  }

  private read(process: string): number {
    return this.counters.get(this.owners.get(process) ?? process) ?? 0;
  }
}
