import type { RandomStream } from '../engine/random.ts';
import { PATTERNS_KIND, workerEntity } from '../../shared/patternsTrace.ts';
import type { Dispatcher } from './dispatcher.ts';
import { Fifo } from './fifo.ts';
import type { Machine } from './machine.ts';
import type { Request } from './request.ts';
import { Worker } from './worker.ts';

/**
 * Each worker has its own queue. `turn`: a primary hands out in turn to those alive and keeps what comes while none is.
 * `acknowledged-turn`: it gives a worker the next one only when that has taken up the last (Node's lib/internal/cluster/round_robin_handle.js:
 * a worker is in the list of free ones again, at its end, when it has said that it accepted), and keeps what nobody can be given. `hash`: the
 * kernel hashes each connection to one of the sockets that listen (inet_ehashfn and reciprocal_scale in reuseport_select_sock), here a
 * fair draw; with no socket there the connection is refused.
 */
export type Pick = { readonly by: 'turn' | 'acknowledged-turn' } | { readonly by: 'hash'; readonly random: RandomStream };

/** `single`, `single-fork`, `primary` and `reuseport`: who crashes takes its queue with it. */
export class OwnQueues implements Dispatcher {
  readonly workers: Worker[] = [];
  private readonly held = new Fifo<Request>();
  private alive: Worker[] = [];
  /** Whose turn it is, as a place in `alive`. */
  private turn = 0;
  /** With acknowledged turns: who can be given one, in order. */
  private ready: Worker[] = [];

  constructor(
    private readonly machine: Machine,
    private readonly pick: Pick,
    private readonly spawnCost: number,
    rules: { count: number; blocking: boolean; cpuOf: (request: Request) => number },
  ) {
    const { count, blocking, cpuOf } = rules;
    for (let id = 0; id < count; id++) this.workers.push(new Worker(id, machine, { blocking, cpuOf, next: this.next }));
    this.alive = [...this.workers];
    this.ready = [...this.workers];
  }

  get peakWorkers(): number {
    return this.workers.length;
  }

  arrive(request: Request): void {
    const worker = this.choose();
    if (worker) return this.give(worker, request);
    if (this.pick.by === 'hash') this.machine.record.lost(request, -1);
    else this.held.push(request);
  }

  crash(index: number): Request[] {
    const worker = this.workers[index] as Worker;
    const dead = worker.crash();
    this.countAlive();
    this.ready = this.ready.filter((each) => each !== worker);
    return dead;
  }

  crashAll(): Request[] {
    return [...this.workers.flatMap((worker) => this.crash(worker.id)), ...this.held.drain()];
  }

  respawn(index: number, ready: () => void): void {
    const worker = this.workers[index] as Worker;
    worker.respawn(this.spawnCost, () => {
      this.countAlive();
      if (this.pick.by === 'acknowledged-turn') this.acknowledge(worker);
      else for (const request of this.held.drain()) worker.queue.push(request);
      ready();
    });
  }

  private choose(): Worker | undefined {
    const { alive, pick } = this;
    if (pick.by === 'acknowledged-turn') return this.ready.shift();
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
    if (worker.free) {
      worker.take(request);
      this.acknowledge(worker);
      return;
    }
    worker.queue.push(request);
    this.noteLength(worker);
  }

  private readonly next = (worker: Worker): Request | undefined => {
    const request = worker.queue.take();
    if (!request) return undefined;
    this.acknowledge(worker);
    this.noteLength(worker);
    return request;
  };

  /** The worker has taken up what it was given: it gets the next one that waits, or stands in line for one. */
  private acknowledge(worker: Worker): void {
    if (this.pick.by !== 'acknowledged-turn') return;
    const waiting = this.held.take();
    if (waiting) worker.queue.push(waiting);
    else this.ready.push(worker);
  }

  private noteLength(worker: Worker): void {
    this.machine.record.note(PATTERNS_KIND.queueLength, workerEntity, worker.id, worker.queue.length);
  }
}
