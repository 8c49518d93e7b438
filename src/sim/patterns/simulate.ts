import { RandomStream } from '../engine/random.ts';
import { Simulator } from '../engine/simulator.ts';
import { PATTERNS_KIND, SERVER_ENTITY, workerEntity } from '../../shared/patternsTrace.ts';
import type { PatternsScenario } from '../../shared/scenario/patterns.ts';
import type { Trace } from '../../shared/trace.ts';
import { Acceptor } from './acceptor.ts';
import { Cores } from './cores.ts';
import type { Dispatcher } from './dispatcher.ts';
import { ForkedChild } from './forkedChild.ts';
import { IdleWorkers } from './idleWorkers.ts';
import type { Machine } from './machine.ts';
import type { Request } from './request.ts';
import { summarize, type PatternsOutput, type WorkerFigures } from './output.ts';
import { OwnQueues } from './ownQueues.ts';
import { Processes } from './processes.ts';
import { PatternsRecord } from './record.ts';
import { requestSource } from './requestSource.ts';
import { SharedQueue } from './sharedQueue.ts';

/**
 * Runs a server of one pattern under one load until every request is served or lost.
 *
 * Who pays: where workers accept for themselves (`single`, `single-fork`, `shared-listener`, `reuseport`) `accept_cost` is part of each
 * request's CPU time. With `primary` and `thread-pool` one acceptor pays `accept_cost` and `dispatch_cost`, one request after another.
 * With `per-connection` the parent pays `accept_cost` and each process `spawn_cost`, and `exit_cost` when it has replied. A respawned worker pays `spawn_cost`, and so does
 * the parent of `single-fork` when it forks. Threads pay `context_switch.thread`, all others `context_switch.process`.
 */
export function simulatePatterns(scenario: PatternsScenario): { output: PatternsOutput; trace: Trace } {
  const run = new PatternsRun(scenario);
  return run.run();
}

class PatternsRun {
  private readonly simulator = new Simulator();
  private readonly record: PatternsRecord;
  private readonly cores: Cores;
  private readonly machine: Machine;
  private readonly child: ForkedChild | undefined;
  private readonly dispatcher: Dispatcher;
  private readonly acceptor: Acceptor | undefined;
  /** Nobody listens: the process that did is gone. */
  private refusing = false;
  private coresBusyBefore = 0;

  constructor(private readonly scenario: PatternsScenario) {
    const { pattern, cores = 1, context_switch: { process = 0, thread = 0 } = {} } = scenario;
    this.record = new PatternsRecord(this.simulator, scenario);
    this.cores = new Cores(this.simulator, cores, pattern === 'thread-pool' ? thread : process, (runner, core) =>
      this.record.note(PATTERNS_KIND.contextSwitch, runner.entity, undefined, core),
    );
    this.machine = { simulator: this.simulator, cores: this.cores, record: this.record };
    this.child = pattern === 'single-fork' ? new ForkedChild(this.machine, this.stream('pages'), scenario) : undefined;
    this.dispatcher = this.makeDispatcher();
    this.acceptor = this.makeAcceptor();
  }

  run(): { output: PatternsOutput; trace: Trace } {
    this.planFork();
    this.planCrash();
    requestSource(this.simulator, this.scenario, (request) => {
      if (this.record.arrival(request)) this.startCounting();
      this.receive(request);
    });
    this.simulator.run();
    const memoryKb = this.memoryKb();
    this.record.note(PATTERNS_KIND.memory, SERVER_ENTITY, undefined, memoryKb * 1024);
    const output = summarize(this.scenario, this.record, this.workerFigures(), memoryKb);
    return { output, trace: this.record.trace.build(this.simulator.now) };
  }

  private makeDispatcher(): Dispatcher {
    const { pattern, workers = 1, wakeup = 'fifo', spawn_cost = 0, exit_cost = 0, accept_cost = 0 } = this.scenario;
    const { machine, child } = this;
    const alone = pattern === 'single' || pattern === 'single-fork';
    const accepts = alone || pattern === 'shared-listener' || pattern === 'reuseport' ? accept_cost : 0;
    const rules = {
      count: alone ? 1 : workers,
      blocking: (this.scenario.worker ?? (alone ? 'event-loop' : 'blocking')) === 'blocking',
      cpuOf: ({ cpu }: Request): number => cpu + accepts + (child?.writeCost() ?? 0),
    };
    switch (pattern) {
      case 'per-connection':
        return new Processes(machine, { spawn: spawn_cost, exit: exit_cost });
      case 'shared-listener':
      case 'thread-pool':
        return new SharedQueue(machine, new IdleWorkers(wakeup, this.stream('wakeup')), spawn_cost, rules);
      case 'primary':
        return new OwnQueues(machine, { by: this.scenario.handoff === 'acknowledged' ? 'acknowledged-turn' : 'turn' }, spawn_cost, rules);
      case 'reuseport':
      case 'single':
      case 'single-fork':
        return new OwnQueues(machine, { by: 'hash', random: this.stream('hash') }, spawn_cost, rules);
    }
  }

  /** Of the patterns that have one: who takes a new connection first. Elsewhere it goes straight to the dispatcher. */
  private makeAcceptor(): Acceptor | undefined {
    const { pattern, accept_cost = 0, dispatch_cost = 0 } = this.scenario;
    if (pattern !== 'primary' && pattern !== 'thread-pool' && pattern !== 'per-connection') return undefined;
    const cost = pattern === 'per-connection' ? accept_cost : accept_cost + dispatch_cost;
    return new Acceptor(this.machine, cost, (request) => this.dispatcher.arrive(request));
  }

  private receive(request: Request): void {
    if (this.refusing) this.record.lost(request, -1);
    else (this.acceptor ?? this.dispatcher).arrive(request);
  }

  private planFork(): void {
    const { child, dispatcher } = this;
    const worker = dispatcher.workers[0];
    if (!child || !worker) return;
    const { spawn_cost = 0, fork } = this.scenario;
    this.simulator.scheduleAt(fork?.at ?? 0, () => {
      if (spawn_cost > 0) worker.addChore(spawn_cost, () => child.start());
      else child.start();
    });
  }

  private planCrash(): void {
    const { crash } = this.scenario;
    if (!crash) return;
    const { dispatcher, record, simulator } = this;
    const all = this.scenario.one_process === true;
    const index = dispatcher.workers.length === 1 ? 0 : crash.worker;
    simulator.scheduleAt(crash.at, () => {
      const dead = all ? [...dispatcher.crashAll(), ...(this.acceptor?.crash() ?? [])] : dispatcher.crash(index);
      this.refusing = all;
      record.note(PATTERNS_KIND.crash, workerEntity, index, dead.length);
      for (const request of dead) record.lost(request, index);
      const after = crash.respawn_after ?? null;
      if (after !== null) simulator.schedule(after, () => this.respawn(all ? dispatcher.workers.map(({ id }) => id) : [index]));
    });
  }

  private respawn(indices: readonly number[]): void {
    for (const index of indices.length > 0 ? indices : [0]) {
      this.dispatcher.respawn(index, () => {
        this.refusing = false;
        this.record.note(PATTERNS_KIND.respawn, workerEntity, index);
      });
    }
  }

  private startCounting(): void {
    for (const worker of this.dispatcher.workers) worker.resetBusy();
    this.coresBusyBefore = this.cores.busyTime;
  }

  private workerFigures(): WorkerFigures[] {
    const { record, dispatcher } = this;
    const span = record.windowEnd - record.windowStart;
    const share = (busy: number): number => (span > 0 ? busy / span : 0);
    if (this.scenario.pattern === 'per-connection') {
      const requests = record.sojourn.filter((sojourn) => !Number.isNaN(sojourn)).length;
      return [{ requests, utilization: share((this.cores.busyTime - this.coresBusyBefore) / (this.scenario.cores ?? 1)) }];
    }
    return dispatcher.workers.map((worker) => ({ requests: worker.served, utilization: share(worker.busyTime) }));
  }

  /** At its most: what is shared, each process or thread, and the pages copied after a fork. A primary or parent is part of what is shared. */
  private memoryKb(): number {
    const { shared_kb = 0, worker_memory_kb = 0 } = this.scenario;
    return shared_kb + this.dispatcher.peakWorkers * worker_memory_kb + (this.child?.copiedKb ?? 0);
  }

  private stream(name: string): RandomStream {
    return new RandomStream(this.scenario.seed ?? 1, name);
  }
}
