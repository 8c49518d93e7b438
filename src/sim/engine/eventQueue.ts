import { EventPool, NO_SLOT, type Handler } from './eventPool.ts';
import { EventRun } from './eventRun.ts';
import { Ladder } from './ladder.ts';

/** An insertion that would move more events than this, and a bucket that holds more, are left to the ladder. */
const LIMIT = 24;

/**
 * Pending events in order of time, then of insertion, which may be cancelled. Those that come next are sorted, the others
 * wait in a ladder of buckets, so that insertion and removal take constant time however many are pending.
 */
export class EventQueue {
  private readonly pool = new EventPool();
  private readonly run = new EventRun();
  private readonly ladder = new Ladder();
  /** Cancelled events that are still in the run or the ladder. */
  private deadCount = 0;

  /** The number of slots that events occupy or have occupied. */
  get slots(): number {
    return this.pool.size;
  }

  /** Adds an event that is not before any that was taken; returns its handle. */
  insert(time: number, handler: Handler, arg: unknown): number {
    const { pool, run, ladder } = this;
    const slot = pool.allocate(handler, arg);
    if (time >= ladder.horizon) ladder.insert(time, slot);
    else if (!run.insert(time, slot, LIMIT)) this.insertFar(time, slot);
    return pool.handle(slot);
  }

  /** Takes an event back, which leaves `live` events; false where it was taken or cancelled before. */
  cancel(handle: number, live: number): boolean {
    if (!this.pool.cancel(handle)) return false;
    this.deadCount++;
    if (this.deadCount > live + this.pool.size / 8 + 64) this.sweep();
    return true;
  }

  /** The slot of the first event, or NO_SLOT where none is left. */
  first(): number {
    const { pool, run } = this;
    for (;;) {
      if (run.size === 0 && !this.ladder.pour(run, LIMIT)) return NO_SLOT;
      const slot = run.slot(0);
      if (pool.handler(slot) !== undefined) return slot;
      run.removeFirst();
      pool.free(slot);
      this.deadCount--;
    }
  }

  /** The time of what `first` returned. */
  firstTime(): number {
    return this.run.time(0);
  }

  handler(slot: number): Handler {
    return this.pool.handler(slot) as Handler;
  }

  arg(slot: number): unknown {
    return this.pool.arg(slot);
  }

  handle(slot: number): number {
    return this.pool.handle(slot);
  }

  /** Removes what `first` returned; its handle is stale from now on. */
  removeFirst(slot: number): void {
    this.run.removeFirst();
    this.pool.free(slot);
  }

  /** Inserts an event before many others of the run. */
  private insertFar(time: number, slot: number): void {
    if (!this.ladder.takeBack(this.run)) this.run.insert(time, slot, Infinity);
    else if (time >= this.ladder.horizon) this.ladder.insert(time, slot);
    else this.run.insert(time, slot, LIMIT);
  }

  /** Lets go of the cancelled events; the others are put in order anew. */
  private sweep(): void {
    const { pool, run, ladder } = this;
    const times: number[] = [];
    const slots: number[] = [];
    const keep = (time: number, slot: number): void => {
      if (pool.handler(slot) === undefined) {
        pool.free(slot);
      } else {
        times.push(time);
        slots.push(slot);
      }
    };
    for (let i = 0; i < run.size; i++) keep(run.time(i), run.slot(i));
    run.clear();
    ladder.drain(keep);
    for (let i = 0; i < slots.length; i++) ladder.insert(times[i] as number, slots[i] as number);
    this.deadCount = 0;
  }
}
