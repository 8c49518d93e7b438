/** A first-in, first-out queue whose cost per item does not grow with its length. */
export class Fifo<T> {
  private items: T[] = [];
  private head = 0;

  get length(): number {
    return this.items.length - this.head;
  }

  push(item: T): void {
    this.items.push(item);
  }

  /** The oldest item; undefined where there is none. */
  take(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.items[this.head++];
    if (this.head > 1024 && this.head * 2 > this.items.length) this.compact();
    return item;
  }

  /** All items, oldest first; none stay. */
  drain(): T[] {
    this.compact();
    const items = this.items;
    this.items = [];
    return items;
  }

  private compact(): void {
    this.items = this.items.slice(this.head);
    this.head = 0;
  }
}
