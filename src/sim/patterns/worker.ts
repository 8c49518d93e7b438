import { PATTERNS_KIND, requestEntity, workerEntity } from '../../shared/patternsTrace.ts';
import type { Burst, Runner } from './cores.ts';
import { Fifo } from './fifo.ts';
import type { Machine } from './machine.ts';
import type { Request } from './request.ts';

/** Work of the worker's own, between two requests. */
interface Chore {
  readonly cpu: number;
  readonly done: () => void;
}

export interface WorkerRules {
  /** Holds its worker through I/O. */
  readonly blocking: boolean;
  /** CPU time for a request, with what the worker pays on top. */
  readonly cpuOf: (request: Request) => number;
  /** The worker can take a request: gives it the next one, or undefined and remembers it as idle. */
  readonly next: (worker: Worker) => Request | undefined;
  /** An idle worker has found work by itself: its I/O is over. */
  readonly occupied?: (worker: Worker) => void;
}

/** A process or thread that serves requests: one at a time on the CPU, and any number in I/O if it runs an event loop. */
export class Worker implements Runner {
  readonly entity: string;
  /** Requests given to this worker alone, where the pattern does that. */
  readonly queue = new Fifo<Request>();
  alive = true;
  served = 0;
  private current: Request | undefined;
  private burst: Burst | undefined;
  private chore: Chore | undefined;
  private readonly inIo = new Set<Request>();
  /** Requests whose I/O is over and whose callbacks wait for the event loop. */
  private readonly ready = new Fifo<Request>();
  private held = false;
  private heldSince = 0;
  private heldTime = 0;

  constructor(
    readonly id: number,
    private readonly machine: Machine,
    private readonly rules: WorkerRules,
  ) {
    this.entity = workerEntity(id);
  }

  /** Whether it is there and can take a request at once. */
  get free(): boolean {
    return this.alive && !this.held;
  }

  /** For how long it could take no other request, since `resetBusy`. */
  get busyTime(): number {
    return this.heldTime + (this.held ? this.machine.simulator.now - this.heldSince : 0);
  }

  resetBusy(): void {
    this.heldTime = 0;
    this.heldSince = this.machine.simulator.now;
  }

  /** Starts on a request. It must be free. */
  take(request: Request): void {
    const { cores, record } = this.machine;
    this.hold(true);
    this.current = request;
    record.started(request, this.id);
    this.burst = cores.run(this, this.rules.cpuOf(request), this.cpuDone);
  }

  /** Does work of its own as soon as it can, before any request that waits. */
  addChore(cpu: number, done: () => void): void {
    this.chore = { cpu, done };
    if (this.free) this.continue();
  }

  /** Dies: gives back the requests that die with it, its own queue included. */
  crash(): Request[] {
    const { simulator, cores } = this.machine;
    const inService = [...(this.current ? [this.current] : []), ...this.inIo, ...this.ready.drain()];
    for (const request of inService) if (request.ioEvent !== undefined) simulator.cancel(request.ioEvent);
    if (this.burst) cores.stop(this.burst);
    this.burst = this.current = this.chore = undefined;
    this.inIo.clear();
    this.alive = false;
    this.hold(false);
    return [...inService, ...this.queue.drain()];
  }

  /** Comes back after `cpu` of CPU time for its start; `ready` is called before it asks for work. */
  respawn(cpu: number, ready: () => void): void {
    const up = (): void => {
      this.alive = true;
      this.burst = undefined;
      ready();
      this.continue();
    };
    if (cpu > 0) this.burst = this.machine.cores.run(this, cpu, up);
    else up();
  }

  private readonly cpuDone = (): void => {
    const request = this.current as Request;
    this.burst = undefined;
    if (request.io === 0) return this.finish(request);
    this.machine.record.note(PATTERNS_KIND.io, requestEntity, request.index, this.id);
    request.ioEvent = this.machine.simulator.schedule(request.io, this.ioDone, request);
    if (this.rules.blocking) return;
    this.inIo.add(request);
    this.current = undefined;
    this.continue();
  };

  private readonly ioDone = (request: Request): void => {
    const held = !this.inIo.delete(request);
    if (request.after > 0) return this.callBack(request, held);
    if (held) this.finish(request);
    else this.served += this.machine.record.served(request);
  };

  /** What follows the I/O runs at once where the request kept its worker, or where the loop is free; else it waits its turn. */
  private callBack(request: Request, held: boolean): void {
    if (held) return this.resume(request);
    if (!this.free) {
      this.ready.push(request);
      this.machine.record.note(PATTERNS_KIND.ready, requestEntity, request.index, this.id);
      return;
    }
    this.rules.occupied?.(this);
    this.hold(true);
    this.resume(request);
  }

  private resume(request: Request): void {
    this.current = request;
    this.machine.record.note(PATTERNS_KIND.resume, requestEntity, request.index, this.id);
    this.burst = this.machine.cores.run(this, request.after, this.resumeDone);
  }

  private readonly resumeDone = (): void => {
    this.burst = undefined;
    this.finish(this.current as Request);
  };

  private finish(request: Request): void {
    this.current = undefined;
    this.served += this.machine.record.served(request);
    this.continue();
  }

  private continue(): void {
    if (this.chore) return this.doChore(this.chore);
    // Timers and answers of those already inside come before the next connection, as in libuv's loop.
    const back = this.ready.take();
    if (back) return this.resume(back);
    const next = this.rules.next(this);
    if (next) this.take(next);
    else this.hold(false);
  }

  private doChore({ cpu, done }: Chore): void {
    this.chore = undefined;
    this.hold(true);
    this.burst = this.machine.cores.run(this, cpu, () => {
      this.burst = undefined;
      done();
      this.continue();
    });
  }

  private hold(held: boolean): void {
    if (held === this.held) return;
    const { now } = this.machine.simulator;
    if (!held) this.heldTime += now - this.heldSince;
    this.held = held;
    this.heldSince = now;
    this.machine.record.note(PATTERNS_KIND.busy, workerEntity, this.id, held ? 1 : 0);
  }
}
