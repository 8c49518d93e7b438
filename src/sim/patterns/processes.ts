import { PATTERNS_KIND, requestEntity, workerEntity } from '../../shared/patternsTrace.ts';
import type { Burst, Runner } from './cores.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Machine } from './machine.ts';
import type { Request } from './request.ts';

interface Process extends Runner {
  readonly request: Request;
  burst: Burst | undefined;
}

/** `per-connection`: a process is made for each request, pays for its own making, and ends with it, which takes the cores some time too. Nobody queues but for the cores. */
export class Processes implements Dispatcher {
  readonly workers = [];
  peakWorkers = 0;
  /** In order of their making. */
  private readonly present = new Set<Process>();

  constructor(
    private readonly machine: Machine,
    /** CPU time of a process's making, and of its end. */
    private readonly cost: { readonly spawn: number; readonly exit: number },
  ) {}

  arrive(request: Request): void {
    const process: Process = { entity: workerEntity(request.index), request, burst: undefined };
    this.present.add(process);
    this.peakWorkers = Math.max(this.peakWorkers, this.present.size);
    this.machine.record.started(request, request.index);
    process.burst = this.machine.cores.run(process, this.cost.spawn + request.cpu, () => this.cpuDone(process));
  }

  /** The process that is `index` places before the youngest dies, the oldest if there are fewer, and nobody else. */
  crash(index: number): Request[] {
    const victim = [...this.present].slice(-1 - index)[0];
    return victim ? [this.kill(victim)] : [];
  }

  crashAll(): Request[] {
    return [...this.present].map((process) => this.kill(process));
  }

  private kill(victim: Process): Request {
    const { simulator, cores } = this.machine;
    if (victim.burst) cores.stop(victim.burst);
    if (victim.request.ioEvent !== undefined) simulator.cancel(victim.request.ioEvent);
    this.present.delete(victim);
    return victim.request;
  }

  /** The next connection gets a process anyway. */
  respawn(_index: number, ready: () => void): void {
    ready();
  }

  private cpuDone(process: Process): void {
    const { request } = process;
    process.burst = undefined;
    if (request.io === 0) return this.exit(process);
    this.machine.record.note(PATTERNS_KIND.io, requestEntity, request.index, request.index);
    request.ioEvent = this.machine.simulator.schedule(request.io, this.ioDone, process);
  }

  private readonly ioDone = (process: Process): void => {
    const { request } = process;
    if (request.after === 0) return this.exit(process);
    this.machine.record.note(PATTERNS_KIND.resume, requestEntity, request.index, request.index);
    process.burst = this.machine.cores.run(process, request.after, () => this.exit(process));
  };

  private readonly exit = (process: Process): void => {
    this.present.delete(process);
    this.machine.record.served(process.request);
    if (this.cost.exit > 0) this.machine.cores.run(process, this.cost.exit, () => undefined);
  };
}
