import { EventPool, NO_SLOT, type Handler } from './eventPool.ts';
import { EventRun } from './eventRun.ts';
import { Ladder } from './ladder.ts';

/** An insertion that would move more events than this, and a bucket that holds more, are left to the ladder. */
const LIMIT = 32;

/**
 * Pending events in order of time, then of insertion, which may be cancelled. Those that come next are sorted, the others
 * wait in a ladder of buckets, so that insertion and removal take constant time however many are pending.
 */
export class EventQueue {
  private readonly pool = new EventPool();
  private readonly run = new EventRun(this.pool);
  private readonly ladder = new Ladder(this.pool);
  private liveCount = 0;
  private deadCount = 0;

  constructor() {
    this.ladder.horizon = Infinity;
  }

  /** The number of events that are neither taken nor cancelled. */
  get live(): number {
    return this.liveCount;
  }

  /** The number of events for which there is room; grows with the most that were pending at once. */
  get slots(): number {
    return this.pool.used - 1;
  }

  /** Adds an event that is not before any that was taken; returns its handle. */
  insert(time: number, handler: Handler, arg: unknown): number {
    const slot = this.pool.allocate(time, handler, arg);
    this.liveCount++;
    if (time >= this.ladder.horizon) this.ladder.insert(time, slot);
    else if (!this.run.insert(time, slot, LIMIT)) this.spreadRun(time, slot);
    return this.pool.handle(slot);
  }

  /** Takes an event back; false where it was taken or cancelled before. */
  cancel(handle: number): boolean {
    if (!this.pool.cancel(handle)) return false;
    this.liveCount--;
    this.deadCount++;
    if (this.deadCount > this.liveCount + 64 + this.pool.used / 8) this.sweep();
    return true;
  }

  /** The slot of the first event, or NO_SLOT where none is left. */
  first(): number {
    for (;;) {
      if (this.run.size === 0 && !this.refill()) return NO_SLOT;
      const slot = this.run.firstSlot;
      if (this.pool.handler(slot) !== undefined) return slot;
      this.run.removeFirst();
      this.pool.free(slot);
      this.deadCount--;
    }
  }

  time(slot: number): number {
    return this.pool.time(slot);
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
    this.liveCount--;
  }

  private refill(): boolean {
    if (!this.ladder.next(LIMIT)) return false;
    this.run.fill(this.ladder.list, this.ladder.count);
    return true;
  }

  private spreadRun(time: number, slot: number): void {
    const { run, ladder } = this;
    if (ladder.spread(run.list(), Math.min(time, run.firstTime), run.lastTime)) {
      run.clear();
      ladder.insert(time, slot);
    } else {
      run.insert(time, slot, Infinity);
    }
  }

  /** Lets go of the cancelled events. */
  private sweep(): void {
    this.run.clear();
    this.ladder.clear();
    this.deadCount = 0;
    this.pool.sweep((slot) => this.ladder.insert(this.pool.time(slot), slot));
  }
}
