import type { StopReason } from '../../../src/sim/engine/simulator.ts';

interface ListedEvent {
  readonly time: number;
  readonly handle: number;
  readonly call: () => void;
}

/** What a simulator should do, said as plainly as can be: a list that is searched for the earliest event, the first of equals. */
export class ReferenceSimulator {
  now = 0;
  executed = 0;
  private list: ListedEvent[] = [];
  private nextHandle = 1;

  get pending(): number {
    return this.list.length;
  }

  schedule<A>(delay: number, handler: (arg: A) => void, arg?: A): number {
    const handle = this.nextHandle++;
    this.list.push({ time: this.now + delay, handle, call: () => handler(arg as A) });
    return handle;
  }

  cancel(handle: number): boolean {
    const before = this.list.length;
    this.list = this.list.filter((event) => event.handle !== handle);
    return this.list.length < before;
  }

  run(until = Infinity, maxEvents = Infinity): StopReason {
    for (let left = maxEvents; ; left--) {
      const first = this.list.reduce<ListedEvent | undefined>((best, event) => (best && best.time <= event.time ? best : event), undefined);
      if (!first || first.time > until) {
        if (until < Infinity) this.now = until;
        return first ? 'until' : 'empty';
      }
      if (left <= 0) return 'max-events';
      this.cancel(first.handle);
      this.now = first.time;
      this.executed++;
      first.call();
    }
  }
}
