import type { RandomStream } from '../engine/random.ts';
import { CHILD_ENTITY, PATTERNS_KIND } from '../../shared/patternsTrace.ts';
import type { PatternsScenario } from '../../shared/scenario/patterns.ts';
import type { Runner } from './cores.ts';
import type { Machine } from './machine.ts';

const PAGE_KB = 4;

/**
 * The child that a `single-fork` server makes for its backup. It competes for the cores from the fork until its work is done, and while
 * it lives the parent's first write to each page copies that page (copy-on-write): that costs time and memory.
 */
export class ForkedChild implements Runner {
  readonly entity = CHILD_ENTITY;
  private readonly pages: number;
  private readonly pagesPerRequest: number;
  private readonly pageCopyCost: number;
  private copied: Uint8Array | undefined;
  private copiedPages = 0;

  constructor(
    private readonly machine: Machine,
    private readonly random: RandomStream,
    private readonly scenario: PatternsScenario,
  ) {
    const { fork, worker_memory_kb = 0 } = scenario;
    this.pages = Math.floor(worker_memory_kb / PAGE_KB);
    this.pagesPerRequest = fork?.pages_per_request ?? 1;
    this.pageCopyCost = fork?.page_copy_cost ?? 0;
  }

  /** Memory that copying took, in all. */
  get copiedKb(): number {
    return this.copiedPages * PAGE_KB;
  }

  /** The fork is made: the child starts to work. */
  start(): void {
    const { cores, record } = this.machine;
    this.copied = new Uint8Array((this.pages + 7) >> 3);
    record.note(PATTERNS_KIND.fork, CHILD_ENTITY, undefined, this.pages);
    cores.run(this, this.scenario.fork?.child_cpu ?? Infinity, () => {
      this.copied = undefined;
      record.note(PATTERNS_KIND.childExit, CHILD_ENTITY, undefined, this.copiedPages);
    });
  }

  /** The CPU time that the parent's writes for one request cost on top: 0 where there is no child. */
  writeCost(): number {
    if (!this.copied || this.pages === 0) return 0;
    let faults = 0;
    for (let i = 0; i < this.pagesPerRequest; i++) {
      const page = this.random.integer(0, this.pages - 1);
      const byte = this.copied[page >> 3] ?? 0;
      const bit = 1 << (page & 7);
      if ((byte & bit) !== 0) continue;
      this.copied[page >> 3] = byte | bit;
      faults++;
    }
    this.copiedPages += faults;
    return faults * this.pageCopyCost;
  }
}
