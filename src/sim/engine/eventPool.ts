/** What an event calls. */
export type Handler = (arg: never) => void;

/** The end of a list of slots: no event has this slot. */
export const NO_SLOT = 0;

const SLOTS = 2 ** 26;
const LAST_GENERATION = 2 ** 27 - 1;
const FIRST_CAPACITY = 64;

/**
 * Where pending events are kept: each in a numbered slot of 24 bytes (time, sequence number, link, generation), so that a
 * million of them are no work for the garbage collector and one cache line holds what ordering needs. What to call lies in an
 * array beside it. Slots are used again, last freed first; the generation in a handle tells one use from the next.
 */
export class EventPool {
  private doubles = new Float64Array(3 * FIRST_CAPACITY);
  private integers = new Int32Array(this.doubles.buffer);
  private readonly callbacks: unknown[] = [undefined, undefined];
  private capacity = FIRST_CAPACITY;
  private firstFree = NO_SLOT;
  private sequence = 0;
  /** One more than the highest slot ever used. */
  used = 1;

  /** Fills a slot. Its sequence number is higher than that of all before. */
  allocate(time: number, handler: Handler, arg: unknown): number {
    let slot = this.firstFree;
    if (slot !== NO_SLOT) {
      this.firstFree = this.integers[6 * slot + 4] as number;
      this.callbacks[2 * slot] = handler;
      this.callbacks[2 * slot + 1] = arg;
    } else {
      slot = this.used;
      if (slot === this.capacity) this.grow();
      this.used = slot + 1;
      this.integers[6 * slot + 5] = 1;
      this.callbacks.push(handler, arg);
    }
    this.doubles[3 * slot] = time;
    this.doubles[3 * slot + 1] = this.sequence++;
    return slot;
  }

  time(slot: number): number {
    return this.doubles[3 * slot] as number;
  }

  link(slot: number): number {
    return this.integers[6 * slot + 4] as number;
  }

  setLink(slot: number, next: number): void {
    this.integers[6 * slot + 4] = next;
  }

  /** What to call, or undefined where the event was cancelled. */
  handler(slot: number): Handler | undefined {
    return this.callbacks[2 * slot] as Handler | undefined;
  }

  arg(slot: number): unknown {
    return this.callbacks[2 * slot + 1];
  }

  /** Whether `a` comes first of two events of the same time. */
  isEarlier(a: number, b: number): boolean {
    return (this.doubles[3 * a + 1] as number) < (this.doubles[3 * b + 1] as number);
  }

  /** Negative, zero or positive, as `Array.sort` wants it. */
  compare(a: number, b: number): number {
    return this.time(a) - this.time(b) || (this.doubles[3 * a + 1] as number) - (this.doubles[3 * b + 1] as number);
  }

  /** A number above 0 that names this use of the slot. */
  handle(slot: number): number {
    return (this.integers[6 * slot + 5] as number) * SLOTS + slot;
  }

  /** Empties the slot of a handle but leaves it where it is linked; false where the handle is stale or never was. */
  cancel(handle: number): boolean {
    const generation = Math.floor(handle / SLOTS);
    const slot = handle - generation * SLOTS;
    if (this.integers[6 * slot + 5] !== generation || this.callbacks[2 * slot] === undefined) return false;
    this.clear(slot);
    return true;
  }

  /** Empties a slot and makes it free; the handle is stale from now on. */
  free(slot: number): void {
    this.clear(slot);
    this.recycle(slot);
  }

  /** Makes all empty slots free, linked or not, and gives the others to `keep`. */
  sweep(keep: (slot: number) => void): void {
    this.firstFree = NO_SLOT;
    for (let slot = this.used - 1; slot > 0; slot--) {
      if (this.callbacks[2 * slot] === undefined) this.recycle(slot);
      else keep(slot);
    }
  }

  private clear(slot: number): void {
    this.callbacks[2 * slot] = undefined;
    this.callbacks[2 * slot + 1] = undefined;
  }

  private recycle(slot: number): void {
    const generation = this.integers[6 * slot + 5] as number;
    if (generation === LAST_GENERATION) return;
    this.integers[6 * slot + 5] = generation + 1;
    this.integers[6 * slot + 4] = this.firstFree;
    this.firstFree = slot;
  }

  private grow(): void {
    if (this.capacity === SLOTS) throw new RangeError(`more than ${SLOTS} events are pending`);
    this.capacity = Math.min(SLOTS, Math.ceil(this.capacity * (this.capacity < 65536 ? 2 : 1.25)));
    const doubles = new Float64Array(3 * this.capacity);
    doubles.set(this.doubles);
    this.doubles = doubles;
    this.integers = new Int32Array(doubles.buffer);
  }
}
