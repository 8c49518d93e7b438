import type { EventPool } from './eventPool.ts';

/**
 * The events that come next, sorted: taken from the front, inserted from the back. What is scheduled tends to lie later than
 * what is pending, so that an insertion moves little; where it would move much, it is refused.
 */
export class EventRun {
  private times = new Float64Array(256);
  private slots = new Int32Array(256);
  private head = 0;
  private tail = 0;

  constructor(private readonly pool: EventPool) {}

  get size(): number {
    return this.tail - this.head;
  }

  /** The time of the first event; the run must not be empty. */
  get firstTime(): number {
    return this.times[this.head] as number;
  }

  /** The slot of the first event; the run must not be empty. */
  get firstSlot(): number {
    return this.slots[this.head] as number;
  }

  get lastTime(): number {
    return this.times[this.tail - 1] as number;
  }

  removeFirst(): void {
    this.head++;
  }

  /** Inserts the newest event where it belongs, unless that would move more than `limit` others; false then. */
  insert(time: number, slot: number, limit: number): boolean {
    if (this.tail === this.times.length) this.makeRoom();
    const { times, slots, tail } = this;
    const stop = Math.max(this.head, tail - limit);
    let at = tail;
    while (at > stop && (times[at - 1] as number) > time) {
      times[at] = times[at - 1] as number;
      slots[at] = slots[at - 1] as number;
      at--;
    }
    if (at > this.head && (times[at - 1] as number) > time) {
      times.copyWithin(at, at + 1, tail + 1);
      slots.copyWithin(at, at + 1, tail + 1);
      return false;
    }
    times[at] = time;
    slots[at] = slot;
    this.tail = tail + 1;
    return true;
  }

  /** Fills the empty run with a list of `count` events in any order. */
  fill(list: number, count: number): void {
    this.head = 0;
    this.tail = count;
    if (count > this.times.length) this.resize(count);
    const { times, slots, pool } = this;
    for (let at = count - 1, slot = list; at >= 0; at--, slot = pool.link(slot)) {
      slots[at] = slot;
      times[at] = pool.time(slot);
    }
    if (count > 64) this.sortMany();
    else this.sortFew();
  }

  /** The slots of the run, in order, until it changes. */
  list(): Int32Array {
    return this.slots.subarray(this.head, this.tail);
  }

  clear(): void {
    this.head = this.tail = 0;
  }

  private sortFew(): void {
    const { times, slots, pool, tail } = this;
    for (let i = 1; i < tail; i++) {
      const time = times[i] as number;
      const slot = slots[i] as number;
      let at = i;
      while (at > 0) {
        const other = times[at - 1] as number;
        if (other < time || (other === time && pool.isEarlier(slots[at - 1] as number, slot))) break;
        times[at] = other;
        slots[at] = slots[at - 1] as number;
        at--;
      }
      times[at] = time;
      slots[at] = slot;
    }
  }

  private sortMany(): void {
    const { times, slots, pool, tail } = this;
    slots.subarray(0, tail).sort((a, b) => pool.compare(a, b));
    for (let i = 0; i < tail; i++) times[i] = pool.time(slots[i] as number);
  }

  private makeRoom(): void {
    const { head, tail } = this;
    if (2 * head < tail) return this.resize(2 * tail);
    this.times.copyWithin(0, head, tail);
    this.slots.copyWithin(0, head, tail);
    this.head = 0;
    this.tail = tail - head;
  }

  private resize(capacity: number): void {
    const { times, slots } = this;
    this.times = new Float64Array(capacity);
    this.slots = new Int32Array(capacity);
    this.times.set(times);
    this.slots.set(slots);
  }
}
