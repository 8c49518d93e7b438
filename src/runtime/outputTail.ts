/** Keeps the end of what a program printed, however much it is. */
export class OutputTail {
  #chunks: Buffer[] = [];
  #kept = 0;
  #total = 0;

  /** @param limitBytes how much of the end is kept */
  constructor(readonly limitBytes: number) {}

  /** Bytes that came in all. */
  get totalBytes(): number {
    return this.#total;
  }

  add(chunk: Buffer): void {
    this.#total += chunk.length;
    // A copy, since a slice would keep its whole pool alive.
    this.#chunks.push(Buffer.from(chunk.length > this.limitBytes ? chunk.subarray(chunk.length - this.limitBytes) : chunk));
    this.#kept += Math.min(chunk.length, this.limitBytes);
    while (this.#kept - (this.#chunks[0] as Buffer).length >= this.limitBytes) this.#kept -= (this.#chunks.shift() as Buffer).length;
  }

  /** The end of it, with a line that says so where something is left out. */
  text(): string {
    const all = Buffer.concat(this.#chunks);
    const end = all.subarray(Math.max(0, all.length - this.limitBytes)).toString('utf8');
    return this.#total > end.length && this.#total > this.limitBytes ? `[the first ${this.#total - this.limitBytes} bytes are left out]\n${end}` : end;
  }
}
