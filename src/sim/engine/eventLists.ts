const CHUNK_BITS = 4;
const CHUNK = 2 ** CHUNK_BITS;
const IN_CHUNK = CHUNK - 1;

/**
 * Many lists of events (time and slot), each in the order in which it was appended to. They share chunks of 16 entries, so that
 * appending and reading touch memory in sequence. List `i` of a table is two integers: `table[2 * i]` is the position of its
 * first entry and `table[2 * i + 1]` the position after its last; both 0 where it is empty.
 */
export class EventLists {
  private times = new Float64Array(CHUNK * 8);
  private slots = new Int32Array(CHUNK * 8);
  private nextChunk = new Int32Array(8);
  private firstFree = 0;
  private usedChunks = 1;

  append(table: Int32Array, list: number, time: number, slot: number): void {
    let at = table[2 * list + 1] as number;
    if ((at & IN_CHUNK) === 0) at = this.extend(table, list, at);
    this.times[at] = time;
    this.slots[at] = slot;
    table[2 * list + 1] = at + 1;
  }

  time(position: number): number {
    return this.times[position] as number;
  }

  slot(position: number): number {
    return this.slots[position] as number;
  }

  /** The position after `position` in a list that ends at `end`; 0 where there is none. */
  next(position: number, end: number): number {
    const after = position + 1;
    if (after === end) return 0;
    return (after & IN_CHUNK) === 0 ? (this.nextChunk[position >> CHUNK_BITS] as number) << CHUNK_BITS : after;
  }

  /** As `next`, for a list that nothing refers to any more: frees each chunk that it leaves, so that it can be filled at once. */
  take(position: number, end: number): number {
    const after = position + 1;
    if (after !== end && (after & IN_CHUNK) !== 0) return after;
    const chunk = position >> CHUNK_BITS;
    const next = after === end ? 0 : (this.nextChunk[chunk] as number) << CHUNK_BITS;
    this.nextChunk[chunk] = this.firstFree;
    this.firstFree = chunk;
    return next;
  }

  /** The number of entries from `start` up to before `end`. */
  count(start: number, end: number): number {
    if (end === 0) return 0;
    const last = (end - 1) >> CHUNK_BITS;
    let count = end - (last << CHUNK_BITS);
    for (let chunk = start >> CHUNK_BITS; chunk !== last; chunk = this.nextChunk[chunk] as number) count += CHUNK;
    return count;
  }

  private extend(table: Int32Array, list: number, end: number): number {
    let chunk = this.firstFree;
    if (chunk !== 0) this.firstFree = this.nextChunk[chunk] as number;
    else chunk = this.newChunk();
    if (end === 0) table[2 * list] = chunk << CHUNK_BITS;
    else this.nextChunk[(end - 1) >> CHUNK_BITS] = chunk;
    return chunk << CHUNK_BITS;
  }

  private newChunk(): number {
    const chunk = this.usedChunks++;
    if (chunk === this.nextChunk.length) {
      const chunks = Math.ceil(chunk * (chunk < 4096 ? 2 : 1.25));
      const { times, slots, nextChunk } = this;
      this.times = new Float64Array(CHUNK * chunks);
      this.times.set(times);
      this.slots = new Int32Array(CHUNK * chunks);
      this.slots.set(slots);
      this.nextChunk = new Int32Array(chunks);
      this.nextChunk.set(nextChunk);
    }
    return chunk;
  }
}
