import { NO_SLOT, type EventPool } from './eventPool.ts';

/**
 * A rung of the ladder: a span of time cut into buckets of equal width, each an unsorted list. The width is a power of two, so
 * that which bucket a time belongs to is computed without rounding.
 */
interface Rung {
  scale: number;
  /** The time at which bucket 0 begins, in widths: an integer. */
  origin: number;
  /** Where the rung ends, in time. */
  end: number;
  buckets: number;
  /** Buckets up to this one are used up. */
  current: number;
  heads: Int32Array;
}

/** Buckets are never so narrow that a time measured in them is not an exact integer. */
const MOST_WIDTHS = 2 ** 52;
const DEEPEST = 48;

/**
 * The events that are not next, kept unsorted until their turn comes nearer: rungs of ever narrower buckets, each rung
 * covering one bucket of the rung above, and all beyond the widest rung in one list. After the ladder queue (Tang, Goh and
 * Thng, "Ladder queue: an O(1) priority queue structure for large-scale discrete event simulation", ACM TOMACS 15, 2005).
 */
export class Ladder {
  private readonly rungs: Rung[] = [];
  private depth = 0;
  private beyond = NO_SLOT;
  private beyondCount = 0;
  private beyondFirst = Infinity;
  private beyondLast = -Infinity;
  /** The ladder holds no event before this time, and takes none. */
  horizon = -Infinity;
  /** The list that `next` found, and how long it is. */
  list = NO_SLOT;
  count = 0;

  constructor(private readonly pool: EventPool) {}

  /** Adds an event that is not before the horizon. */
  insert(time: number, slot: number): void {
    for (let at = this.depth - 1; at >= 0; at--) {
      const rung = this.rungs[at] as Rung;
      if (time < rung.end) return this.put(rung, time, slot);
    }
    this.pool.setLink(slot, this.beyond);
    this.beyond = slot;
    this.beyondCount++;
    if (time < this.beyondFirst) this.beyondFirst = time;
    if (time > this.beyondLast) this.beyondLast = time;
  }

  /**
   * Finds the earliest events, as `list` and `count`, and raises the horizon over them. Up to `limit` come at once, or more
   * where they are all of one time. False where the ladder is empty.
   */
  next(limit: number): boolean {
    for (;;) {
      const rung = this.rungs[this.depth - 1];
      if (!rung) {
        if (!this.unrollBeyond(limit)) return this.list !== NO_SLOT;
      } else if (!this.takeBucket(rung)) {
        this.depth--;
        this.horizon = rung.end;
      } else if (this.count <= limit || !this.splitBucket(rung)) {
        return true;
      }
    }
  }

  /** Takes these events, which lie before the horizon, into a rung that ends there; false, where there are rungs enough. */
  spread(slots: Int32Array, first: number, last: number): boolean {
    if (!this.addRung(slots.length, first, last, this.horizon)) return false;
    const rung = this.rungs[this.depth - 1] as Rung;
    for (const slot of slots) this.put(rung, this.pool.time(slot), slot);
    return true;
  }

  /** Forgets all events. */
  clear(): void {
    for (const rung of this.rungs.slice(0, this.depth)) rung.heads.fill(NO_SLOT, 0, rung.buckets);
    this.depth = 0;
    this.clearBeyond();
    this.horizon = -Infinity;
  }

  private put(rung: Rung, time: number, slot: number): void {
    const bucket = Math.floor(time * rung.scale) - rung.origin;
    this.pool.setLink(slot, rung.heads[bucket] as number);
    rung.heads[bucket] = slot;
  }

  private putList(list: number): void {
    const rung = this.rungs[this.depth - 1] as Rung;
    for (let slot = list; slot !== NO_SLOT; ) {
      const next = this.pool.link(slot);
      this.put(rung, this.pool.time(slot), slot);
      slot = next;
    }
  }

  /** Makes a rung of what lies beyond; or, where that is little, gives it as the list. True where there is a rung. */
  private unrollBeyond(limit: number): boolean {
    const { beyond: list, beyondCount: count, beyondFirst: first, beyondLast: last } = this;
    this.clearBeyond();
    if (count > limit && this.addRung(count, first, last, Infinity)) {
      this.putList(list);
      return true;
    }
    this.list = list;
    this.count = count;
    this.horizon = Infinity;
    return false;
  }

  private clearBeyond(): void {
    this.beyond = NO_SLOT;
    this.beyondCount = 0;
    this.beyondFirst = Infinity;
    this.beyondLast = -Infinity;
  }

  /** Goes to the rung's next bucket with events in it and takes them as the list; false where there is none. */
  private takeBucket(rung: Rung): boolean {
    const { heads, buckets, pool } = { heads: rung.heads, buckets: rung.buckets, pool: this.pool };
    let at = rung.current + 1;
    while (at < buckets && heads[at] === NO_SLOT) at++;
    rung.current = at;
    if (at === buckets) return false;
    this.list = heads[at] as number;
    heads[at] = NO_SLOT;
    this.horizon = (rung.origin + at + 1) / rung.scale;
    let count = 0;
    for (let slot = this.list; slot !== NO_SLOT; slot = pool.link(slot)) count++;
    this.count = count;
    return true;
  }

  private splitBucket(rung: Rung): boolean {
    let first = Infinity;
    let last = -Infinity;
    for (let slot = this.list; slot !== NO_SLOT; slot = this.pool.link(slot)) {
      const time = this.pool.time(slot);
      if (time < first) first = time;
      if (time > last) last = time;
    }
    if (!this.addRung(this.count, first, last, (rung.origin + rung.current + 1) / rung.scale)) return false;
    this.putList(this.list);
    return true;
  }

  /** Opens a rung for `count` events from `first` to `last` that ends at `end`; the widest, just after `last`. */
  private addRung(count: number, first: number, last: number, end: number): boolean {
    if (first === last || this.depth === DEEPEST) return false;
    const above = this.rungs[this.depth - 1];
    const to = above ? end : last;
    const narrowest = Math.min(powerOfTwo(MOST_WIDTHS / to), 2 ** 1000);
    const scale = Math.max(Math.min(1 / powerOfTwo((to - first) / count), narrowest), above?.scale ?? 0);
    const origin = Math.floor(first * scale);
    const stop = above ? end * scale : Math.floor(last * scale) + 1;
    const buckets = stop - origin;
    if (buckets < 2) return false;
    const heads = this.rungs[this.depth]?.heads;
    const rung = {
      scale,
      origin,
      end: stop / scale,
      buckets,
      current: -1,
      heads: heads && heads.length >= buckets ? heads : new Int32Array(buckets),
    };
    this.rungs[this.depth++] = rung;
    this.horizon = origin / scale;
    return true;
  }
}

/** The highest power of two that is not above `value`. */
function powerOfTwo(value: number): number {
  return 2 ** Math.floor(Math.log2(value));
}
