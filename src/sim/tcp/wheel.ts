import type { EventHandle, Simulator } from '../engine/simulator.ts';
import { JIFFY_NS } from './units.ts';
import { likeliestPhase } from './wheelPhase.ts';

/** A timer of the kernel: armed for a jiffy, fired by the wheel at or after it. */
export interface WheelTimer {
  readonly fire: (owner: never) => void;
  /** What `fire` is called with. */
  readonly owner: unknown;
  /** The jiffy it was armed for; -1 while it is not armed. */
  expires: number;
  /** The moment before which it must not fire, nanoseconds. */
  dueNs: number;
  bucket: Bucket | undefined;
  granularity: number;
  order: number;
}

interface Bucket {
  readonly timeNs: number;
  readonly granularity: number;
  readonly timers: Set<WheelTimer>;
  event: EventHandle;
}

const LEVELS = 9;
/** A level is used for timers nearer than this many jiffies (LVL_START of the next level). */
const levelEnd = (level: number) => 63 * 8 ** level;

export function wheelTimer<T>(fire: (owner: T) => void, owner: T): WheelTimer {
  return { fire, owner, expires: -1, dueNs: 0, bucket: undefined, granularity: 1, order: 0 };
}

/**
 * The kernel's timer wheel (kernel/time/timer.c, calc_index): a timer fires at the first boundary of its level after the
 * jiffy it was armed for; levels have a granularity of 1, 8, 64, … jiffies (4 ms below 256 ms, 32 ms below 2 s, 256 ms below 16 s).
 * Timers of one boundary fire last armed first, since a bucket is a list that is added to at its head.
 *
 * Where a scenario starts between two boundaries is unknown to a prediction. When the first timer of a level may fire, the wheel
 * takes the boundaries to lie where they most probably do (`likeliestPhase`); from then on all timers keep to them.
 */
export class TimerWheel {
  /** Added to the clock, gives jiffies × JIFFY_NS. */
  private phaseNs = JIFFY_NS / 2;
  /** Boundaries of this many jiffies are known; 0 while not even the tick is. */
  private known = 0;
  /** A boundary of `known` jiffies, nanoseconds. */
  private boundaryNs = 0;
  private order = 0;
  /** By time, those whose boundaries are known; by granularity, those that wait for them to be. */
  private readonly buckets = new Map<number, Bucket>();
  private readonly undecided = new Map<number, Bucket>();
  /** Runs what fires at one boundary, as one interrupt. */
  within: (work: () => void) => void = (work) => work();

  constructor(private readonly simulator: Simulator) {}

  get jiffies(): number {
    return Math.floor((this.simulator.now + this.phaseNs) / JIFFY_NS);
  }

  /** mod_timer(): arms for a jiffy, or moves where it is armed already; one whose boundary stays the same keeps its place. */
  arm(timer: WheelTimer, expires: number): void {
    if (timer.expires === expires) return;
    const granularity = this.granularityFor(expires);
    timer.expires = expires;
    timer.dueNs = this.simulator.now + Math.max(expires - this.jiffies, 0) * JIFFY_NS;
    if (granularity <= this.known) {
      const timeNs = this.boundaryAfter(timer.dueNs, granularity);
      if (timer.bucket?.timeNs === timeNs && timer.granularity === granularity) return;
      this.renew(timer, granularity);
      this.place(timer, timeNs);
      return;
    }
    this.renew(timer, granularity);
    this.postpone(timer);
  }

  /** timer_delete(). */
  disarm(timer: WheelTimer): void {
    timer.expires = -1;
    this.remove(timer);
  }

  private renew(timer: WheelTimer, granularity: number): void {
    this.remove(timer);
    timer.granularity = granularity;
    timer.order = ++this.order;
  }

  private granularityFor(expires: number): number {
    const delta = expires - this.jiffies;
    let level = 0;
    while (level < LEVELS - 1 && delta >= levelEnd(level)) level++;
    return 8 ** level;
  }

  /** The first boundary after a moment. */
  private boundaryAfter(timeNs: number, granularity: number): number {
    const unit = granularity * JIFFY_NS;
    return this.boundaryNs + (Math.floor((timeNs - this.boundaryNs) / unit) + 1) * unit;
  }

  private place(timer: WheelTimer, timeNs: number): void {
    let bucket = this.buckets.get(timeNs);
    if (!bucket) {
      bucket = { timeNs, granularity: 0, timers: new Set(), event: 0 };
      this.buckets.set(timeNs, bucket);
      bucket.event = this.simulator.scheduleAt(timeNs, (b: Bucket) => this.expire(b), bucket);
    }
    bucket.timers.add(timer);
    timer.bucket = bucket;
  }

  /** Keeps a timer until the boundaries of its level are decided, which is when the first of them may fire. */
  private postpone(timer: WheelTimer): void {
    const { granularity, dueNs } = timer;
    let bucket = this.undecided.get(granularity);
    if (bucket && dueNs < bucket.timeNs) {
      this.simulator.cancel(bucket.event);
      const earlier: Bucket = { timeNs: dueNs, granularity, timers: bucket.timers, event: 0 };
      for (const other of bucket.timers) other.bucket = earlier;
      bucket = undefined;
      this.decideAt(earlier);
      bucket = earlier;
    }
    if (!bucket) {
      bucket = { timeNs: dueNs, granularity, timers: new Set(), event: 0 };
      this.decideAt(bucket);
    }
    bucket.timers.add(timer);
    timer.bucket = bucket;
  }

  private decideAt(bucket: Bucket): void {
    this.undecided.set(bucket.granularity, bucket);
    bucket.event = this.simulator.scheduleAt(bucket.timeNs, (b: Bucket) => this.decide(b), bucket);
  }

  private remove(timer: WheelTimer): void {
    const { bucket } = timer;
    if (!bucket) return;
    bucket.timers.delete(timer);
    timer.bucket = undefined;
    if (bucket.timers.size > 0) return;
    if (this.undecided.get(bucket.granularity) === bucket) this.undecided.delete(bucket.granularity);
    if (this.buckets.get(bucket.timeNs) === bucket) this.buckets.delete(bucket.timeNs);
    this.simulator.cancel(bucket.event);
  }

  /** Fixes the boundaries of a level, and with them those of the finer ones. */
  private decide(bucket: Bucket): void {
    let first = Infinity;
    for (const timer of bucket.timers) first = Math.min(first, timer.dueNs);
    if (first > this.simulator.now) {
      const later: Bucket = { ...bucket, timeNs: first };
      for (const timer of bucket.timers) timer.bucket = later;
      return this.decideAt(later);
    }
    const unit = bucket.granularity * JIFFY_NS;
    const dues = Array.from(bucket.timers, (timer) => timer.dueNs);
    this.boundaryNs = likeliestPhase(dues, unit, this.known ? { unitNs: this.known * JIFFY_NS, boundaryNs: this.boundaryNs } : undefined);
    this.known = bucket.granularity;
    const tick = (((-this.boundaryNs - this.phaseNs) % JIFFY_NS) + JIFFY_NS) % JIFFY_NS;
    this.phaseNs += tick;
    for (const waiting of [...this.undecided.values()]) {
      if (waiting.granularity > this.known) continue;
      this.undecided.delete(waiting.granularity);
      this.simulator.cancel(waiting.event);
      for (const timer of waiting.timers) this.place(timer, this.boundaryAfter(timer.dueNs, timer.granularity));
    }
  }

  /** Runs a bucket: coarser levels first, in each the last armed first (collect_expired_timers, expire_timers). */
  private expire(bucket: Bucket): void {
    this.buckets.delete(bucket.timeNs);
    const due = [...bucket.timers].sort((a, b) => b.granularity - a.granularity || b.order - a.order);
    this.within(() => {
      for (const timer of due) {
        if (timer.bucket !== bucket) continue;
        timer.bucket = undefined;
        timer.expires = -1;
        timer.fire(timer.owner as never);
      }
    });
  }
}
