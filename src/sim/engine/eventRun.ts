import type { EventLists } from './eventLists.ts';

/**
 * The events that come next, sorted: taken from the front, inserted from the back. What is scheduled tends to lie later than
 * what is pending, so that an insertion moves little; where it would move much, it is refused. Equal times stay in the order
 * in which they came.
 */
export class EventRun {
  private times = new Float64Array(256);
  private slots = new Int32Array(256);
  private head = 0;
  private tail = 0;

  get size(): number {
    return this.tail - this.head;
  }

  /** The time of event `i` of the run. */
  time(i: number): number {
    return this.times[this.head + i] as number;
  }

  /** The slot of event `i` of the run. */
  slot(i: number): number {
    return this.slots[this.head + i] as number;
  }

  removeFirst(): void {
    this.head++;
  }

  clear(): void {
    this.head = this.tail = 0;
  }

  /** Inserts an event after all that are not later, unless that would move more than `limit` others; false then. */
  insert(time: number, slot: number, limit: number): boolean {
    const { tail, head } = this;
    if (tail - limit > head && (this.times[tail - limit - 1] as number) > time) return false;
    if (tail === this.times.length) this.makeRoom();
    this.sink(time, slot, this.tail++);
    return true;
  }

  /** Fills the empty run with the `count` events that lie in `lists` from `start` up to before `end`, and takes them from there. */
  fill(lists: EventLists, start: number, end: number, count: number): void {
    if (count > this.times.length) this.resize(count);
    this.head = this.tail = 0;
    for (let at = start; at !== 0; at = lists.take(at, end)) this.sink(lists.time(at), lists.slot(at), this.tail++);
  }

  /** Puts an event at `hole` or as far before it as later events lie there, which move up by one. */
  private sink(time: number, slot: number, hole: number): void {
    const { times, slots, head } = this;
    let at = hole;
    while (at > head && (times[at - 1] as number) > time) {
      times[at] = times[at - 1] as number;
      slots[at] = slots[at - 1] as number;
      at--;
    }
    times[at] = time;
    slots[at] = slot;
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
