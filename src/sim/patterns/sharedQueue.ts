import { PATTERNS_KIND, SHARED_QUEUE_ENTITY } from '../../shared/patternsTrace.ts';
import type { Dispatcher } from './dispatcher.ts';
import { Fifo } from './fifo.ts';
import type { IdleWorkers } from './idleWorkers.ts';
import type { Machine } from './machine.ts';
import type { Request } from './request.ts';
import { Worker } from './worker.ts';

/** `shared-listener` and `thread-pool`: one queue that any idle worker takes from. It outlives a worker's crash. */
export class SharedQueue implements Dispatcher {
  readonly workers: Worker[] = [];
  private readonly queue = new Fifo<Request>();

  constructor(
    private readonly machine: Machine,
    private readonly idle: IdleWorkers,
    private readonly spawnCost: number,
    rules: { count: number; blocking: boolean; cpuOf: (request: Request) => number },
  ) {
    const { count, blocking, cpuOf } = rules;
    for (let id = 0; id < count; id++) {
      const worker = new Worker(id, machine, { blocking, cpuOf, next: this.next, occupied: (each) => idle.remove(each) });
      this.workers.push(worker);
      idle.add(worker);
    }
  }

  get peakWorkers(): number {
    return this.workers.length;
  }

  arrive(request: Request): void {
    const worker = this.idle.take();
    if (worker) return worker.take(request);
    this.queue.push(request);
    this.noteLength();
  }

  crash(index: number): Request[] {
    const worker = this.workers[index] as Worker;
    this.idle.remove(worker);
    return worker.crash();
  }

  crashAll(): Request[] {
    return [...this.workers.flatMap((worker) => this.crash(worker.id)), ...this.queue.drain()];
  }

  respawn(index: number, ready: () => void): void {
    this.workers[index]?.respawn(this.spawnCost, ready);
  }

  private readonly next = (worker: Worker): Request | undefined => {
    const request = this.queue.take();
    if (request) this.noteLength();
    else this.idle.add(worker);
    return request;
  };

  private noteLength(): void {
    this.machine.record.note(PATTERNS_KIND.queueLength, SHARED_QUEUE_ENTITY, undefined, this.queue.length);
  }
}
