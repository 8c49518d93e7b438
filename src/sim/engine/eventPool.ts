/** What an event calls. */
export type Handler = (arg: never) => void;

/** No event has this slot. */
export const NO_SLOT = 0;

const SLOTS = 2 ** 26;
const LAST_GENERATION = 2 ** 27 - 1;

/**
 * What pending events call, each in a numbered slot: handler, argument and generation side by side, so that executing an event
 * touches one place in memory. Slots are used again, last freed first; the generation in a handle tells one use from the next.
 */
export class EventPool {
  /** Three cells a slot: the handler, or undefined; its argument, or the next free slot; the generation. */
  private readonly cells: unknown[] = [undefined, undefined, 0];
  private firstFree = NO_SLOT;
  private usedCount = 1;

  /** The number of slots there are: the most that were ever filled at once. */
  get size(): number {
    return this.usedCount - 1;
  }

  /** Fills a slot. */
  allocate(handler: Handler, arg: unknown): number {
    const slot = this.firstFree;
    if (slot === NO_SLOT) return this.extend(handler, arg);
    const { cells } = this;
    this.firstFree = cells[3 * slot + 1] as number;
    cells[3 * slot] = handler;
    cells[3 * slot + 1] = arg;
    return slot;
  }

  /** What to call, or undefined where the event was cancelled. */
  handler(slot: number): Handler | undefined {
    return this.cells[3 * slot] as Handler | undefined;
  }

  arg(slot: number): unknown {
    return this.cells[3 * slot + 1];
  }

  /** A number above 0 that names this use of the slot. */
  handle(slot: number): number {
    return (this.cells[3 * slot + 2] as number) * SLOTS + slot;
  }

  /** Empties the slot of a handle without freeing it; false where the handle is stale or never was. */
  cancel(handle: number): boolean {
    const generation = Math.floor(handle / SLOTS);
    const slot = handle - generation * SLOTS;
    if (!(slot > 0 && slot < this.usedCount) || this.cells[3 * slot + 2] !== generation) return false;
    if (this.cells[3 * slot] === undefined) return false;
    this.cells[3 * slot] = undefined;
    this.cells[3 * slot + 1] = undefined;
    return true;
  }

  /** Frees a slot, full or empty; its handle is stale from now on. A slot that has had all its generations is used no more. */
  free(slot: number): void {
    const { cells } = this;
    const generation = cells[3 * slot + 2] as number;
    cells[3 * slot] = undefined;
    if (generation === LAST_GENERATION) {
      cells[3 * slot + 1] = undefined;
      return;
    }
    cells[3 * slot + 1] = this.firstFree;
    cells[3 * slot + 2] = generation + 1;
    this.firstFree = slot;
  }

  private extend(handler: Handler, arg: unknown): number {
    const slot = this.usedCount;
    if (slot === SLOTS) throw new RangeError(`more than ${SLOTS - 1} events are pending`);
    this.cells.push(handler, arg, 1);
    this.usedCount = slot + 1;
    return slot;
  }
}
