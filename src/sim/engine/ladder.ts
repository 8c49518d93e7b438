import { EventLists } from './eventLists.ts';
import type { EventRun } from './eventRun.ts';

/**
 * A rung of the ladder: a span of time cut into buckets of equal width, each an unsorted list. The width is a power of two, so
 * that which bucket a time belongs to is computed without rounding.
 */
interface Rung {
  /** 1 / width. */
  readonly scale: number;
  /** The time at which bucket 0 begins, in widths: an integer. */
  readonly origin: number;
  /** The time at which the rung ends. */
  readonly end: number;
  readonly buckets: number;
  /** Buckets up to this one are used up. */
  current: number;
  readonly table: Int32Array;
}

/** No time is more widths than this, so that it stays an exact integer. */
const MOST_WIDTHS = 2 ** 53;
/** 1 / width that leaves room to compute in. */
const FINEST = 2 ** 1000;
/** So few that the ends of all lists of a rung stay in the processor's cache. */
const MOST_BUCKETS = 1024;
const EVENTS_PER_BUCKET = 2;

/**
 * The events that are not next, kept unsorted until their turn comes nearer: rungs of ever narrower buckets, each rung
 * covering one bucket of the rung above, and all beyond the widest rung in one list. Events of one time are always in one list,
 * in the order in which they came. After the ladder queue (Tang, Goh and Thng, "Ladder queue: an O(1) priority queue structure
 * for large-scale discrete event simulation", ACM TOMACS 15, 2005).
 */
export class Ladder {
  private readonly lists = new EventLists();
  private readonly rungs: Rung[] = [];
  /** Tables of rungs by depth, all empty where no rung uses them. */
  private readonly tables: Int32Array[] = [];
  private readonly beyond = new Int32Array(2);
  private beyondCount = 0;
  private beyondFirst = Infinity;
  private beyondLast = -Infinity;
  private horizonTime = Infinity;

  /** The ladder holds no event before this time, and takes none. */
  get horizon(): number {
    return this.horizonTime;
  }

  /** Adds an event that is not before the horizon. */
  insert(time: number, slot: number): void {
    for (let depth = this.rungs.length - 1; depth >= 0; depth--) {
      const rung = this.rungs[depth] as Rung;
      if (time < rung.end) return this.put(rung, time, slot);
    }
    this.lists.append(this.beyond, 0, time, slot);
    this.beyondCount++;
    if (time < this.beyondFirst) this.beyondFirst = time;
    if (time > this.beyondLast) this.beyondLast = time;
  }

  /**
   * Fills the empty run with the earliest events and raises the horizon over them. More than `limit` come only where they cannot
   * be told apart. False where the ladder is empty.
   */
  pour(run: EventRun, limit: number): boolean {
    for (;;) {
      const rung = this.rungs[this.rungs.length - 1];
      if (!rung) {
        if (this.beyondCount === 0) {
          this.horizonTime = Infinity;
          return false;
        }
        if (this.pourBeyond(run, limit)) return true;
      } else if (!this.findBucket(rung)) {
        this.horizonTime = rung.end;
        this.rungs.pop();
      } else if (this.pourBucket(rung, run, limit)) {
        return true;
      }
    }
  }

  /** Takes back what is in the run, in a new rung that ends at the horizon; false where the events cannot be told apart. */
  takeBack(run: EventRun): boolean {
    const { size } = run;
    if (!this.addRung(size, run.time(0), run.time(size - 1), this.horizonTime)) return false;
    const rung = this.rungs[this.rungs.length - 1] as Rung;
    for (let i = 0; i < size; i++) this.put(rung, run.time(i), run.slot(i));
    run.clear();
    return true;
  }

  /** Removes every event, giving events of one time in order, and takes events of any time from now on. */
  drain(visit: (time: number, slot: number) => void): void {
    for (const { table, buckets } of this.rungs.splice(0)) {
      for (let bucket = 0; bucket < buckets; bucket++) this.drainList(table, bucket, visit);
    }
    this.drainList(this.beyond, 0, visit);
    this.forgetBeyond();
    this.horizonTime = -Infinity;
  }

  private drainList(table: Int32Array, list: number, visit: (time: number, slot: number) => void): void {
    const { lists } = this;
    const start = table[2 * list] as number;
    const end = table[2 * list + 1] as number;
    table[2 * list] = table[2 * list + 1] = 0;
    for (let at = start; at !== 0; at = lists.take(at, end)) visit(lists.time(at), lists.slot(at));
  }

  private put(rung: Rung, time: number, slot: number): void {
    this.lists.append(rung.table, Math.floor(time * rung.scale) - rung.origin, time, slot);
  }

  /** Moves a list into the deepest rung. */
  private spread(start: number, end: number): void {
    const { lists } = this;
    const rung = this.rungs[this.rungs.length - 1] as Rung;
    for (let at = start; at !== 0; at = lists.take(at, end)) this.put(rung, lists.time(at), lists.slot(at));
  }

  /** Makes a rung of what lies beyond; or, where that is little, pours it all. True where it poured. */
  private pourBeyond(run: EventRun, limit: number): boolean {
    const { beyond, beyondCount: count, beyondFirst: first, beyondLast: last } = this;
    const start = beyond[0] as number;
    const end = beyond[1] as number;
    this.forgetBeyond();
    if (count > limit && this.addRung(count, first, last, Infinity)) {
      this.spread(start, end);
      return false;
    }
    run.fill(this.lists, start, end, count);
    this.horizonTime = Infinity;
    return true;
  }

  private forgetBeyond(): void {
    this.beyond.fill(0);
    this.beyondCount = 0;
    this.beyondFirst = Infinity;
    this.beyondLast = -Infinity;
  }

  /** Goes to the rung's next bucket with events in it; false where there is none. */
  private findBucket(rung: Rung): boolean {
    const { table, buckets } = rung;
    let bucket = rung.current + 1;
    while (bucket < buckets && table[2 * bucket + 1] === 0) bucket++;
    rung.current = bucket;
    return bucket < buckets;
  }

  /** Pours the current bucket into the run; or, where it holds many events, makes a rung of it. True where it poured. */
  private pourBucket(rung: Rung, run: EventRun, limit: number): boolean {
    const { lists } = this;
    const { table, current } = rung;
    const start = table[2 * current] as number;
    const end = table[2 * current + 1] as number;
    const horizon = Math.min((rung.origin + current + 1) / rung.scale, rung.end);
    table[2 * current] = table[2 * current + 1] = 0;
    const count = lists.count(start, end);
    if (count > limit && this.split(start, end, count, horizon)) return false;
    run.fill(lists, start, end, count);
    this.horizonTime = horizon;
    return true;
  }

  private split(start: number, end: number, count: number, horizon: number): boolean {
    const { lists } = this;
    let first = Infinity;
    let last = -Infinity;
    for (let at = start; at !== 0; at = lists.next(at, end)) {
      const time = lists.time(at);
      if (time < first) first = time;
      if (time > last) last = time;
    }
    if (!this.addRung(count, first, last, horizon)) return false;
    this.spread(start, end);
    return true;
  }

  /**
   * Opens a rung for `count` events from `first` to `last`. It ends at `end`, or where there is no rung above, as far after `last`
   * as that is after `first`, so that most of what is scheduled next has its bucket at once. False where its buckets could not be
   * narrower than what is to be split.
   */
  private addRung(count: number, first: number, last: number, end: number): boolean {
    if (first === last) return false;
    const depth = this.rungs.length;
    const above = this.rungs[depth - 1];
    const to = above ? end : last;
    const wanted = powerOfTwo(Math.min(count / EVENTS_PER_BUCKET, MOST_BUCKETS) / (to - first));
    const scale = Math.min(wanted, powerOfTwo(MOST_WIDTHS / to), FINEST);
    const origin = Math.floor(first * scale);
    const stop = above ? Math.ceil(end * scale) : 2 * Math.floor(last * scale) + 2 - origin;
    const buckets = stop - origin;
    if (buckets < 2) return false;
    let table = this.tables[depth];
    if (!table || table.length < 2 * buckets) this.tables[depth] = table = new Int32Array(2 * buckets);
    this.rungs.push({ scale, origin, end: above ? end : stop / scale, buckets, current: -1, table });
    this.horizonTime = origin / scale;
    return true;
  }
}

/** The highest power of two that is not above `value`. */
function powerOfTwo(value: number): number {
  const power = 2 ** Math.floor(Math.log2(value));
  if (power > value) return power / 2;
  return 2 * power <= value ? 2 * power : power;
}
