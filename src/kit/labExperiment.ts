import { setTimeout as sleep } from 'node:timers/promises';
import { allowedProcessors, bindProcess } from '../runtime/affinity.ts';
import { captureSegments } from '../runtime/captureSegments.ts';
import { connectClients, type ClientGroup, type ClientPlan } from '../runtime/connectClients.ts';
import { OthersLoad } from '../runtime/othersLoad.ts';
import { readProcessMemory, type ProcessMemory } from '../runtime/processMemory.ts';
import { readTcpCounters } from '../runtime/tcpTables.ts';
import type { Need } from '../shared/lab.ts';
import type { ExperimentJob, ExperimentRecord } from '../shared/rpc.ts';
import { parseForkScenario } from '../shared/scenario/fork.ts';
import { endpointEntity, TCP_KIND } from '../shared/tcpTrace.ts';
import { pagePattern } from '../sim/memory/pagePattern.ts';
import type { RetryScenario } from '../shared/scenario/retry.ts';
import { Fates } from '../sim/retry/fates.ts';
import { calibrateBusyLoop } from './busyLoop.ts';
import type { ExperimentContext, OthersWatch, QueueName, QueueSampling, RunningServer, SegmentCapture, SocketQueueSampling } from './experimentContext.ts';
import { Fitness } from './fitness.ts';
import { askHttp, type HttpAnswer, type HttpPlan } from './httpClient.ts';
import { sampleListenQueue } from './listenQueueSampling.ts';
import { MeasuredTrace } from './measuredTrace.ts';
import { openLoopLoad, type LoadPlan, type LoadResult } from './openLoopLoad.ts';
import { sampleSocketQueues } from './socketQueueSampling.ts';
import { startLabServer, type StartedLabServer } from './startedLabServer.ts';
import type { JobContext } from './jobContext.ts';
import { LabThreads } from './threads/labThreads.ts';
import type { FreePlan, Outcome } from './threads/messages.ts';

/** The kit's side of an experiment. */
export class LabExperiment implements ExperimentContext {
  readonly values;
  readonly machine;
  readonly signal: AbortSignal;
  readonly trace: MeasuredTrace;
  readonly scenario;
  readonly notes: string[] = [];
  readonly #missing: Partial<Record<Need, string>> = {};
  readonly #parts = new Map<string, MeasuredTrace>();
  readonly #found: Record<string, number> = {};
  readonly #job: ExperimentJob;
  readonly #context: JobContext;
  readonly #threads: LabThreads;
  readonly #servers: StartedLabServer[] = [];
  readonly #cleanUps: (() => void)[] = [];
  #fitness = new Fitness();
  /** The worst delay of our own loop in the measurements before the one under way. */
  #heldUpMs = 0;
  #beside = false;

  constructor(job: ExperimentJob, context: JobContext, model: string) {
    this.#job = job;
    this.#context = context;
    this.#threads = new LabThreads(job.labDir, context);
    this.values = job.values;
    this.machine = job.machine;
    this.scenario = job.scenario;
    this.signal = context.signal;
    this.trace = new MeasuredTrace(model);
  }

  progress(message: string, fraction?: number): void {
    this.#context.send({ type: 'progress', message, fraction: fraction ?? null });
  }

  note(sentence: string): void {
    if (!this.notes.includes(sentence)) this.notes.push(sentence);
  }

  lacks(need: Need, why: string): void {
    this.#missing[need] ??= why;
  }

  part(id: string): { scenario: Readonly<Record<string, unknown>>; trace: MeasuredTrace } {
    const scenario = this.#job.parts[id];
    if (!scenario) throw new Error(`lab.json has no part "${id}".`);
    const trace = this.#parts.get(id) ?? new MeasuredTrace(String(scenario.kind));
    this.#parts.set(id, trace);
    return { scenario, trace };
  }

  /** All that is handed back. */
  record(): ExperimentRecord {
    // Before the traces are built, which keeps the loop from turning and is no part of what was measured.
    const heldUpMs = Math.max(this.#heldUpMs, this.#fitness.worstDelayMs());
    const parts = Object.fromEntries([...this.#parts].map(([id, trace]) => [id, trace.build()]));
    return { trace: this.trace.build(), parts, found: this.#found, notes: this.notes, heldUpMs, machine: this.machine, lacks: this.#missing };
  }

  found(pointer: string, value: number): void {
    this.#found[pointer] = value;
  }

  start(atNs?: number): void {
    this.#watchLoop();
    this.#heldUpMs = 0;
    this.trace.start(atNs);
  }

  startBeside(atNs?: number): void {
    // What came before the first of them was no measurement.
    const before = this.#beside ? this.#fitness.worstDelayMs() : 0;
    this.#heldUpMs = Math.max(this.#heldUpMs, before);
    this.#beside = true;
    this.#watchLoop();
    this.trace.startBeside(atNs);
  }

  #watchLoop(): void {
    this.#fitness.stop();
    this.#fitness = new Fitness();
  }

  nowNs(): number {
    return this.trace.nowNs();
  }

  async until(milliseconds: number): Promise<void> {
    await sleep(Math.max(0, milliseconds - this.nowNs() / 1e6), undefined, { signal: this.signal });
  }

  async startServer(values = this.values): Promise<RunningServer> {
    const server = await startLabServer(this.#job.labDir, values, this.#context);
    this.#servers.push(server);
    return server.forExperiment(this.trace);
  }

  connectClients(plan: ClientPlan): ClientGroup {
    const group = connectClients(plan, ({ id, startedNs, connectedNs, error }) => {
      if (startedNs > 0) this.trace.add(TCP_KIND.event, endpointEntity('client', id), 0, { event: 'connect' }, startedNs);
      if (connectedNs !== null) this.trace.add(TCP_KIND.connected, endpointEntity('client', id), 0, undefined, connectedNs);
      // What we broke off ourselves tells nothing of the server.
      else if (error !== 'CLOSED') this.trace.add(TCP_KIND.connectFailed, endpointEntity('client', id), 0, { error });
    });
    this.#cleanUps.push(() => group.close());
    return group;
  }

  sampleListenQueue(port: number, everyMs: number, as?: QueueName): QueueSampling {
    const sampling = sampleListenQueue(port, everyMs, this.trace, as);
    if (!sampling.available) this.note('The lengths of the queues are not available on this system: only Linux shows them, in /proc/net/tcp.');
    this.#cleanUps.push(() => sampling.stop());
    return sampling;
  }

  sampleSocketQueues(port: number, everyMs: number, nameOf: (clientPort: number) => string | undefined): SocketQueueSampling {
    const sampling = sampleSocketQueues(port, everyMs, nameOf, this.trace);
    if (!sampling.available) this.note('What the buffers hold is not available on this system: only Linux shows it, in /proc/net/tcp.');
    this.#cleanUps.push(() => sampling.stop());
    return sampling;
  }

  plannedWrites(scenario: Readonly<Record<string, unknown>>): number[] {
    const fork = parseForkScenario(scenario);
    const next = pagePattern(fork);
    return Array.from({ length: fork.writes.count }, next);
  }

  memory(pid: number): ProcessMemory | null {
    const memory = readProcessMemory(pid);
    if (!memory && this.machine.platform !== 'linux') this.note('The memory of processes, shared and their own, is not available on this system: only Linux shows it, in /proc/PID/smaps_rollup.');
    return memory;
  }

  async bindToCores(pids: readonly number[], count: number): Promise<readonly number[] | null> {
    // Interrupts and what started with the machine tend to be on the first ones.
    const cores = allowedProcessors()?.slice(-count);
    const bound = cores && (await Promise.all(pids.map((pid) => bindProcess(pid, cores)))).every(Boolean);
    if (bound) return cores;
    this.note('Processes cannot be bound to some of the cores here: only Linux can, with the program taskset.');
    return null;
  }

  readCounters(): Readonly<Record<string, number>> | null {
    const counters = readTcpCounters();
    if (!counters) this.note("The kernel's TCP counters are not available on this system: only Linux shows them, in /proc/net/netstat.");
    return counters;
  }

  async captureSegments(port: number, nameOf: (clientPort: number) => string | undefined): Promise<SegmentCapture | null> {
    const capture = await captureSegments(port, this.signal);
    if ('why' in capture) {
      this.lacks('segments', capture.why);
      return null;
    }
    this.#cleanUps.push(() => void capture.stop());
    return {
      stop: async () => {
        for (const { atNs, from, clientPort, detail } of await capture.stop()) {
          const name = nameOf(clientPort);
          // On loopback a segment arrives as it is sent.
          if (name !== undefined) this.trace.add(TCP_KIND.segment, endpointEntity(from, name), detail.len, { ...detail, arriveNs: atNs - this.trace.startNs, dropped: null }, atNs);
        }
      },
    };
  }

  openLoopLoad(plan: LoadPlan, part?: string): Promise<readonly LoadResult[]> {
    return openLoopLoad(plan, part === undefined ? this.trace : this.part(part).trace, this.signal);
  }

  http(port: number, plan: HttpPlan): Promise<HttpAnswer> {
    return askHttp(port, plan);
  }

  watchOthers(): OthersWatch {
    return new OthersLoad(process.pid);
  }

  calibrateBusyLoop(): number {
    return calibrateBusyLoop();
  }

  fates(): Fates {
    // The host simulates the same scenario, and refuses one that is none.
    return new Fates(this.scenario as unknown as RetryScenario);
  }

  exploreThreads(program: string): Promise<readonly Outcome[]> {
    return this.#threads.explore(program, this.trace);
  }

  runThreads(plan: FreePlan): Promise<Readonly<Record<string, readonly number[]>>> {
    return this.#threads.runFreely(plan);
  }

  /** Ends what the experiment started and left. */
  async end(): Promise<void> {
    this.#fitness.stop();
    for (const cleanUp of this.#cleanUps) cleanUp();
    await Promise.all(this.#servers.map((server) => server.stop()));
  }
}
