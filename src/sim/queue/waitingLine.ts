/** Customers who wait, by number: taken from the front (`fifo`) or from the back (`lifo`). Grows as it must. */
export class WaitingLine {
  private ring = new Int32Array(64);
  private head = 0;
  private count = 0;

  constructor(private readonly order: 'fifo' | 'lifo') {}

  get length(): number {
    return this.count;
  }

  push(customer: number): void {
    if (this.count === this.ring.length) this.grow();
    this.ring[(this.head + this.count++) & (this.ring.length - 1)] = customer;
  }

  /** The next one's number; −1 where nobody waits. */
  take(): number {
    if (this.count === 0) return -1;
    this.count--;
    if (this.order === 'lifo') return this.ring[(this.head + this.count) & (this.ring.length - 1)] as number;
    const customer = this.ring[this.head] as number;
    this.head = (this.head + 1) & (this.ring.length - 1);
    return customer;
  }

  private grow(): void {
    const larger = new Int32Array(this.ring.length * 2);
    for (let i = 0; i < this.count; i++) larger[i] = this.ring[(this.head + i) & (this.ring.length - 1)] as number;
    this.ring = larger;
    this.head = 0;
  }
}
