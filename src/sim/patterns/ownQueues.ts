import type { RandomStream } from '../engine/random.ts';
import { PATTERNS_KIND, workerEntity } from '../../shared/patternsTrace.ts';
import type { Dispatcher } from './dispatcher.ts';
import { Fifo } from './fifo.ts';
import type { Machine } from './machine.ts';
import type { Request } from './request.ts';
import { Worker } from './worker.ts';

/**
 * Each worker has its own queue. `turn`: a primary hands out in turn to those alive and keeps what comes while none is. `hash`: the
 * kernel hashes each connection to one of the sockets that listen (inet_ehashfn and reciprocal_scale in reuseport_select_sock), here a
 * fair draw; with no socket there the connection is refused.
 */
export type Pick = { readonly by: 'turn' } | { readonly by: 'hash'; readonly random: RandomStream };

/** `single`, `single-fork`, `primary` and `reuseport`: who crashes takes its queue with it. */
export class OwnQueues implements Dispatcher {
  readonly workers: Worker[] = [];
  private readonly held = new Fifo<Request>();
  private alive: Worker[] = [];
  /** Whose turn it is, as a place in `alive`. */
  private turn = 0;

  constructor(
    private readonly machine: Machine,
    private readonly pick: Pick,
    private readonly spawnCost: number,
    rules: { count: number; blocking: boolean; cpuOf: (request: Request) => number },
  ) {
    const { count, blocking, cpuOf } = rules;
    for (let id = 0; id < count; id++) this.workers.push(new Worker(id, machine, { blocking, cpuOf, next: this.next }));
    this.alive = [...this.workers];
  }

  get peakWorkers(): number {
    return this.workers.length;
  }

  arrive(request: Request): void {
    const worker = this.choose();
    if (worker) return this.give(worker, request);
    if (this.pick.by === 'turn') this.held.push(request);
    else this.machine.record.lost(request, -1);
  }

  crash(index: number): Request[] {
    const worker = this.workers[index] as Worker;
    const dead = worker.crash();
    this.countAlive();
    return dead;
  }

  respawn(index: number, ready: () => void): void {
    const worker = this.workers[index] as Worker;
    worker.respawn(this.spawnCost, () => {
      this.countAlive();
      for (const request of this.held.drain()) worker.queue.push(request);
      ready();
    });
  }

  private choose(): Worker | undefined {
    const { alive, pick } = this;
    if (alive.length < 2) return alive[0];
    if (pick.by === 'hash') return alive[pick.random.integer(0, alive.length - 1)];
    const worker = alive[this.turn];
    this.turn = (this.turn + 1) % alive.length;
    return worker;
  }

  /** Whose turn it was keeps it, or the one behind a dead worker gets it. */
  private countAlive(): void {
    const turnId = this.alive[this.turn]?.id ?? 0;
    this.alive = this.workers.filter((worker) => worker.alive);
    this.turn = Math.max(0, this.alive.findIndex(({ id }) => id >= turnId));
  }

  private give(worker: Worker, request: Request): void {
    if (worker.free) return worker.take(request);
    worker.queue.push(request);
    this.noteLength(worker);
  }

  private readonly next = (worker: Worker): Request | undefined => {
    const request = worker.queue.take();
    if (request) this.noteLength(worker);
    return request;
  };

  private noteLength(worker: Worker): void {
    this.machine.record.note(PATTERNS_KIND.queueLength, workerEntity, worker.id, worker.queue.length);
  }
}
