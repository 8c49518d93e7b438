interface PendingEvent {
  readonly time: number;
  readonly handle: number;
  readonly handler: (arg: never) => void;
  readonly arg: unknown;
}

/** Pending events in a binary heap, in order of time, then of insertion. */
export class EventQueue {
  private readonly heap: PendingEvent[] = [];
  private readonly alive = new Set<number>();
  private nextHandle = 1;

  /** The number of events that are neither taken nor cancelled. */
  get live(): number {
    return this.alive.size;
  }

  insert(time: number, handler: (arg: never) => void, arg: unknown): number {
    const handle = this.nextHandle++;
    const event: PendingEvent = { time, handle, handler, arg };
    this.alive.add(handle);
    this.heap.push(event);
    this.siftUp(event, this.heap.length - 1);
    return handle;
  }

  cancel(handle: number): boolean {
    const cancelled = this.alive.delete(handle);
    if (cancelled && this.heap.length > 2 * this.alive.size + 64) this.dropCancelled();
    return cancelled;
  }

  peek(): PendingEvent | undefined {
    for (;;) {
      const event = this.heap[0];
      if (!event || this.alive.has(event.handle)) return event;
      this.removeRoot();
    }
  }

  pop(): void {
    const event = this.peek();
    if (!event) return;
    this.alive.delete(event.handle);
    this.removeRoot();
  }

  private removeRoot(): void {
    const last = this.heap.pop();
    if (last && this.heap.length > 0) this.siftDown(last, 0);
  }

  private dropCancelled(): void {
    const kept = this.heap.filter((event) => this.alive.has(event.handle));
    this.heap.length = 0;
    for (const event of kept) {
      this.heap.push(event);
      this.siftUp(event, this.heap.length - 1);
    }
  }

  private siftUp(event: PendingEvent, start: number): void {
    let at = start;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = this.heap[up] as PendingEvent;
      if (!isBefore(event, parent)) break;
      this.heap[at] = parent;
      at = up;
    }
    this.heap[at] = event;
  }

  private siftDown(event: PendingEvent, start: number): void {
    const size = this.heap.length;
    let at = start;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= size) break;
      if (down + 1 < size && isBefore(this.heap[down + 1] as PendingEvent, this.heap[down] as PendingEvent)) down++;
      const child = this.heap[down] as PendingEvent;
      if (!isBefore(child, event)) break;
      this.heap[at] = child;
      at = down;
    }
    this.heap[at] = event;
  }
}

function isBefore(a: PendingEvent, b: PendingEvent): boolean {
  return a.time < b.time || (a.time === b.time && a.handle < b.handle);
}
