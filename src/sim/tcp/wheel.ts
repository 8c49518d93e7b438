import type { EventHandle, Simulator } from '../engine/simulator.ts';
import { JIFFY_NS } from './units.ts';

/** A timer of the kernel: armed for a jiffy, fired by the wheel at or after it. */
export interface WheelTimer {
  readonly fire: () => void;
  /** The jiffy it was armed for; -1 while it is not armed. */
  expires: number;
  bucket: Bucket | undefined;
  granularity: number;
  order: number;
}

interface Bucket {
  readonly timeNs: number;
  readonly timers: Set<WheelTimer>;
  event: EventHandle;
}

const LEVELS = 9;
/** A level is used for timers nearer than this many jiffies (LVL_START of the next level). */
const levelEnd = (level: number) => 63 * 8 ** level;

export function wheelTimer(fire: () => void): WheelTimer {
  return { fire, expires: -1, bucket: undefined, granularity: 1, order: 0 };
}

/**
 * The kernel's timer wheel (kernel/time/timer.c, calc_index): a timer fires at the first boundary of its level after the
 * jiffy it was armed for; levels have a granularity of 1, 8, 64, … jiffies (4 ms below 256 ms, 32 ms below 2 s, 256 ms below 16 s).
 * Timers of one boundary fire last armed first, since a bucket is a list that is added to at its head.
 *
 * Where a scenario starts between two boundaries is unknown to a prediction. Until a timer of a level has fired, the wheel places
 * each at the middle of what is possible; from then on that level's boundaries are known, and all timers keep to them.
 */
export class TimerWheel {
  /** Added to the clock, gives jiffies × JIFFY_NS. */
  private phaseNs = JIFFY_NS / 2;
  /** Boundaries of this many jiffies are known; 0 while not even the tick is. */
  private known = 0;
  /** Added to a jiffy, makes boundaries of `known` divisible by it. */
  private offset = 0;
  private order = 0;
  private readonly buckets = new Map<number, Bucket>();

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
    const timeNs = this.fireTime(expires, granularity);
    timer.expires = expires;
    if (timer.bucket?.timeNs === timeNs && timer.granularity === granularity) return;
    this.remove(timer);
    timer.granularity = granularity;
    timer.order = ++this.order;
    this.place(timer, timeNs);
  }

  /** timer_delete(). */
  disarm(timer: WheelTimer): void {
    timer.expires = -1;
    this.remove(timer);
  }

  private granularityFor(expires: number): number {
    const delta = expires - this.jiffies;
    let level = 0;
    while (level < LEVELS - 1 && delta >= levelEnd(level)) level++;
    return 8 ** level;
  }

  private fireTime(expires: number, granularity: number): number {
    const { simulator, known, offset, phaseNs } = this;
    if (granularity === 1 && known === 0) return simulator.now + (Math.max(expires - this.jiffies, 0) + 0.5) * JIFFY_NS;
    const unit = Math.min(granularity, Math.max(known, 1));
    const first = (Math.floor((expires + offset) / unit) + 1) * unit - offset;
    const middle = first + Math.floor(granularity / unit / 2) * unit;
    return Math.max(middle * JIFFY_NS - phaseNs, simulator.now);
  }

  private place(timer: WheelTimer, timeNs: number): void {
    let bucket = this.buckets.get(timeNs);
    if (!bucket) {
      bucket = { timeNs, timers: new Set(), event: 0 };
      this.buckets.set(timeNs, bucket);
      bucket.event = this.simulator.scheduleAt(timeNs, (b: Bucket) => this.expire(b), bucket);
    }
    bucket.timers.add(timer);
    timer.bucket = bucket;
  }

  private remove(timer: WheelTimer): void {
    const { bucket } = timer;
    if (!bucket) return;
    bucket.timers.delete(timer);
    timer.bucket = undefined;
    if (bucket.timers.size > 0) return;
    this.buckets.delete(bucket.timeNs);
    this.simulator.cancel(bucket.event);
  }

  /** Runs a bucket: coarser levels first, in each the last armed first (collect_expired_timers, expire_timers). */
  private expire(bucket: Bucket): void {
    this.buckets.delete(bucket.timeNs);
    const due = [...bucket.timers].sort((a, b) => b.granularity - a.granularity || b.order - a.order);
    const coarsest = due[0] as WheelTimer;
    this.learn(coarsest);
    this.within(() => {
      for (const timer of due) {
        if (timer.bucket !== bucket) continue;
        timer.bucket = undefined;
        timer.expires = -1;
        timer.fire();
      }
    });
  }

  /** The boundary at which `timer` fires is now a fact; timers that were placed by a guess move to where it puts them. */
  private learn(timer: WheelTimer): void {
    if (this.known >= timer.granularity) return;
    if (this.known === 0 && timer.granularity === 1) this.phaseNs = (timer.expires + 1) * JIFFY_NS - this.simulator.now;
    const boundary = Math.round((this.simulator.now + this.phaseNs) / JIFFY_NS);
    const before = this.known;
    this.known = timer.granularity;
    this.offset = (timer.granularity - (boundary % timer.granularity)) % timer.granularity;
    for (const bucket of [...this.buckets.values()]) {
      for (const pending of [...bucket.timers]) {
        if (pending.granularity <= before) continue;
        this.remove(pending);
        this.place(pending, this.fireTime(pending.expires, pending.granularity));
      }
    }
  }
}
