import { FORK_KIND, FORK_MODEL, MEMORY_ENTITY, PARENT_ENTITY, pagesEntity } from '../../shared/forkTrace.ts';
import type { ForkScenario } from '../../shared/scenario/fork.ts';
import { TraceBuilder, type Trace } from '../../shared/trace.ts';


const WRITE_NS = 1000;

/** Single writes are only recorded up to so many. */
const MAX_SINGLE_WRITES = 5000;

const SAMPLES = 200;

/** Pages are counted in at most so many runs of neighbours, as many as a picture can show. */
const MAX_RUNS = 64;

/** Writes down what happens to shared memory: each write while there are few, else samples. */
export class ForkRecording {
  private readonly trace = new TraceBuilder('simulated', FORK_MODEL);
  private readonly runLength: number;
  /** Copied pages per run of neighbours, and what of that was last recorded. */
  private readonly copied: number[];
  private readonly recorded: number[];
  private readonly sampleEvery: number;
  private readonly single: boolean;
  private count = 0;
  private total = 0;
  private nowNs = 0;

  constructor(
    private readonly pages: number,
    private readonly pageBytes: number,
    private readonly writes: number,
    private readonly costs: NonNullable<ForkScenario['costs']> = {},
  ) {
    this.runLength = Math.ceil(pages / MAX_RUNS);
    const runs = Math.ceil(pages / this.runLength);
    this.copied = new Array<number>(runs).fill(0);
    this.recorded = new Array<number>(runs).fill(0);
    this.sampleEvery = Math.max(1, Math.ceil(writes / SAMPLES));
    this.single = writes <= MAX_SINGLE_WRITES;
  }

  fork(children: number): void {
    const { pageBytes } = this;
    this.nowNs = this.pages * (this.costs.fork_page_ns ?? 0);
    this.trace.add(Math.round(this.nowNs), FORK_KIND.fork, PARENT_ENTITY, this.pages, { children, pageBytes, writes: this.writes });
  }

  /** The parent's next write; `first` where it is the page's first and so copies it. */
  write(page: number, first: boolean): void {
    const { write_ns: writeNs = WRITE_NS, copy_ns: copyNs = 0 } = this.costs;
    this.count++;
    this.nowNs += writeNs + (first ? copyNs : 0);
    if (this.single) this.trace.add(Math.round(this.nowNs), first ? FORK_KIND.fault : FORK_KIND.write, PARENT_ENTITY, page);
    if (first) {
      const run = Math.floor(page / this.runLength);
      this.copied[run] = (this.copied[run] as number) + 1;
      this.total++;
    }
    if (this.count % this.sampleEvery === 0 || this.count === this.writes) this.sample();
  }

  build(): Trace {
    return this.trace.build(Math.round(this.nowNs));
  }

  private sample(): void {
    const timeNs = Math.round(this.nowNs);
    this.trace.add(timeNs, FORK_KIND.writes, PARENT_ENTITY, this.count);
    this.trace.add(timeNs, FORK_KIND.copied, MEMORY_ENTITY, this.total);
    this.trace.add(timeNs, FORK_KIND.faults, PARENT_ENTITY, this.total);
    this.trace.add(timeNs, FORK_KIND.extra, MEMORY_ENTITY, this.total * this.pageBytes);
    for (const [run, copied] of this.copied.entries()) {
      if (copied === this.recorded[run]) continue;
      this.recorded[run] = copied;
      const first = run * this.runLength;
      this.trace.add(timeNs, FORK_KIND.copiedPages, pagesEntity(first, Math.min(this.pages, first + this.runLength) - 1), copied);
    }
  }
}
