import { NO_EVENT, type Simulator } from '../engine/simulator.ts';

interface Share<J> {
  /** The amount of service per job, since the station was last empty, at which this job is done. */
  readonly finish: number;
  readonly sequence: number;
  readonly job: J;
}

/**
 * Servers that all present jobs share equally, none getting more than one server's speed. Every job is served at the same
 * rate min(1, servers / jobs), so one clock of service per job ("virtual time") orders them all: a job is done when that clock has
 * moved by its work. Only the first of them has an event.
 */
export class ProcessorSharing<J> {
  private readonly heap: Share<J>[] = [];
  private virtual = 0;
  private since = 0;
  private sequence = 0;
  private busyArea = 0;
  private event = NO_EVENT;
  private armedFor: Share<J> | undefined;
  private armedRate = 0;

  constructor(
    private readonly simulator: Simulator,
    private readonly servers: number,
    private readonly done: (job: J) => void,
  ) {}

  /** Jobs present. */
  get size(): number {
    return this.heap.length;
  }

  /** Server time used up to now. */
  get busyTime(): number {
    this.advance();
    return this.busyArea;
  }

  /** Starts a job that needs `work` of one server's time; Infinity for one that never ends. */
  start(job: J, work: number): void {
    this.advance();
    if (this.heap.length === 0) this.virtual = 0;
    const share = { finish: this.virtual + work, sequence: this.sequence++, job };
    this.heap.push(share);
    this.siftUp(this.heap.length - 1);
    this.arm();
  }

  /** Takes a job away unfinished; false where it is not here. Looks at all present jobs. */
  remove(job: J): boolean {
    const at = this.heap.findIndex((share) => share.job === job);
    if (at < 0) return false;
    this.advance();
    this.take(at);
    this.arm();
    return true;
  }

  private get rate(): number {
    return Math.min(1, this.servers / this.heap.length);
  }

  private advance(): void {
    const elapsed = this.simulator.now - this.since;
    this.since = this.simulator.now;
    if (elapsed === 0 || this.heap.length === 0) return;
    this.virtual += elapsed * this.rate;
    this.busyArea += elapsed * Math.min(this.servers, this.heap.length);
  }

  private arm(): void {
    const first = this.heap[0];
    const rate = this.rate;
    if (first === this.armedFor && rate === this.armedRate) return;
    this.simulator.cancel(this.event);
    this.event = NO_EVENT;
    this.armedFor = first;
    this.armedRate = rate;
    if (!first || first.finish === Infinity) return;
    this.event = this.simulator.schedule(Math.max(0, first.finish - this.virtual) / rate, this.complete);
  }

  private readonly complete = (): void => {
    this.advance();
    const { finish, job } = this.heap[0] as Share<J>;
    this.virtual = finish;
    this.event = NO_EVENT;
    this.armedFor = undefined;
    this.take(0);
    this.arm();
    this.done(job);
  };

  private take(at: number): void {
    const last = this.heap.pop() as Share<J>;
    if (at === this.heap.length) return;
    this.heap[at] = last;
    this.siftUp(at);
    this.siftDown(at);
  }

  private siftUp(start: number): void {
    const share = this.heap[start] as Share<J>;
    let at = start;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = this.heap[up] as Share<J>;
      if (!isBefore(share, parent)) break;
      this.heap[at] = parent;
      at = up;
    }
    this.heap[at] = share;
  }

  private siftDown(start: number): void {
    const share = this.heap[start] as Share<J>;
    let at = start;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= this.heap.length) break;
      if (down + 1 < this.heap.length && isBefore(this.heap[down + 1] as Share<J>, this.heap[down] as Share<J>)) down++;
      const child = this.heap[down] as Share<J>;
      if (!isBefore(child, share)) break;
      this.heap[at] = child;
      at = down;
    }
    this.heap[at] = share;
  }
}

function isBefore<J>(a: Share<J>, b: Share<J>): boolean {
  return a.finish < b.finish || (a.finish === b.finish && a.sequence < b.sequence);
}
