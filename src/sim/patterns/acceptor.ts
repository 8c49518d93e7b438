import { ACCEPTOR_ENTITY, PATTERNS_KIND, requestEntity } from '../../shared/patternsTrace.ts';
import type { Burst, Runner } from './cores.ts';
import { Fifo } from './fifo.ts';
import type { Machine } from './machine.ts';
import type { Request } from './request.ts';

/**
 * Who accepts for others: the primary, the pool's listener thread, the parent that forks. It handles one request after another, each
 * for `cost` of CPU time, and competes for the cores like any worker. Where that costs nothing it takes no time.
 */
export class Acceptor implements Runner {
  readonly entity = ACCEPTOR_ENTITY;
  private readonly queue = new Fifo<Request>();
  private current: Request | undefined;
  private burst: Burst | undefined;

  constructor(
    private readonly machine: Machine,
    private readonly cost: number,
    private readonly forward: (request: Request) => void,
  ) {}

  arrive(request: Request): void {
    if (this.cost === 0) return this.forward(request);
    if (!this.current) return this.handle(request);
    this.queue.push(request);
    this.noteLength();
  }

  private handle(request: Request): void {
    if (!this.current) this.machine.record.note(PATTERNS_KIND.busy, ACCEPTOR_ENTITY, undefined, 1);
    this.current = request;
    this.burst = this.machine.cores.run(this, this.cost, this.handled);
  }

  /** It dies: gives back what dies with it. */
  crash(): Request[] {
    if (!this.current) return [];
    if (this.burst) this.machine.cores.stop(this.burst);
    const dead = [this.current, ...this.queue.drain()];
    this.current = undefined;
    this.machine.record.note(PATTERNS_KIND.busy, ACCEPTOR_ENTITY, undefined, 0);
    return dead;
  }

  private readonly handled = (): void => {
    const { record } = this.machine;
    const request = this.current as Request;
    const next = this.queue.take();
    record.note(PATTERNS_KIND.dispatch, requestEntity, request.index);
    if (next) {
      this.noteLength();
      this.handle(next);
    } else {
      this.current = undefined;
      record.note(PATTERNS_KIND.busy, ACCEPTOR_ENTITY, undefined, 0);
    }
    this.forward(request);
  };

  private noteLength(): void {
    this.machine.record.note(PATTERNS_KIND.queueLength, ACCEPTOR_ENTITY, undefined, this.queue.length);
  }
}
