import type { ClientGroup, ClientPlan } from '../runtime/connectClients.ts';
import type { ProcessMemory } from '../runtime/processMemory.ts';
import type { Need } from '../shared/lab.ts';
import type { Machine } from '../shared/report.ts';
import type { Fates } from '../sim/retry/fates.ts';
import type { HttpAnswer, HttpPlan } from './httpClient.ts';
import type { LabServer } from './labServer.ts';
import type { MeasuredTrace } from './measuredTrace.ts';
import type { LoadPlan, LoadResult } from './openLoopLoad.ts';
import type { FreePlan, Outcome } from './threads/messages.ts';

/** What an experiment is handed. Times are nanoseconds on the monotonic clock, which the processes of one machine share. */
export interface ExperimentContext {
  /** Slider id → value, of the sliders that the real run has. */
  readonly values: Readonly<Record<string, number>>;
  readonly machine: Machine;
  /** The lab's scenario with those values in their places, as the prediction has it but for the link and the kernel's settings. */
  readonly scenario: Readonly<Record<string, unknown>>;
  /**
   * One of the lab's parts: its scenario, and a trace that goes with its prediction. Its time 0 is when `trace.start()` was called.
   * Throws where lab.json has no such part.
   */
  part(id: string): { readonly scenario: Readonly<Record<string, unknown>>; readonly trace: MeasuredTrace };
  /** Aborted when the learner cancels; what the kit offers then rejects by itself. */
  readonly signal: AbortSignal;
  /** What happened, in any order; it is sorted when the experiment ends. */
  readonly trace: MeasuredTrace;
  /** Says what is being done, and how far it is (0 to 1) where that is known. */
  progress(message: string, fraction?: number): void;
  /** Adds a sentence that stands beside the result: what this machine could not do. */
  note(sentence: string): void;
  /** Says that this run does not have what some quantities need, and why, in a sentence that stands in their place. */
  lacks(need: Need, why: string): void;
  /**
   * Says what the scenario has at `pointer` (RFC 6901) on this machine, which the prediction then takes: what one process costs
   * here, how many cores could be had. To be read before the run, and never from what is compared.
   */
  found(pointer: string, value: number): void;
  /** Sets the trace's time 0 to now, or to `atNs` of the monotonic clock, which may be soon. Call it when the scenario begins. */
  start(atNs?: number): void;
  /** Begins another run that is drawn beside those before it, each from its own time 0; needs a name of its own for its entities. */
  startBeside(atNs?: number): void;
  /** Nanoseconds since `start()`. */
  nowNs(): number;
  /** Waits until `milliseconds` after `start()`; at once if that is past. Rejects when cancelled. */
  until(milliseconds: number): Promise<void>;
  /**
   * Runs a program of the lab's `threads.ts` in real threads, in every interleaving of their steps; records one order for each outcome, as
   * the model `threads` does, and gives the outcomes. Throws where an interleaving does not come to its end.
   */
  exploreThreads(program: string): Promise<readonly Outcome[]>;
  /** Runs it freely, each thread `rounds` times, as fast as they go; gives what memory then holds, by array. */
  runThreads(plan: FreePlan): Promise<Readonly<Record<string, readonly number[]>>>;
  /** Starts the lab's `server.ts` in a process of its own, with these values (those of the sliders unless given). */
  startServer(values?: Readonly<Record<string, number>>): Promise<RunningServer>;
  /** Starts clients and returns at once; each one's connect is recorded as `connected` or `connect-failed` of `client:cN`. */
  connectClients(plan: ClientPlan): ClientGroup;
  /**
   * From now on records the listener's queues from the kernel's tables, every `everyMs`, as `accept-queue` and `syn-queue`
   * of `server` (at a change, and once at the start); with `as`, the accept queue alone, by that name, where the model has another
   * for it. Where there is no /proc/net/tcp it records nothing and notes so.
   */
  sampleListenQueue(port: number, everyMs: number, as?: QueueName): QueueSampling;
  /**
   * From now on records the queues of both ends of each connection at `port` from the kernel's tables, every `everyMs`, as
   * `send-queue` and `receive-queue` of `client:NAME` and `server:NAME`, at a change. `nameOf` names a connection by its
   * client's port. Where there is no /proc/net/tcp it records nothing and notes so.
   */
  sampleSocketQueues(port: number, everyMs: number, nameOf: (clientPort: number) => string | undefined): SocketQueueSampling;
  /** The pages that a scenario of kind `fork` writes, in order: the model's own, so that a real process can write the same. Throws a HumanError where it is none. */
  plannedWrites(scenario: Readonly<Record<string, unknown>>): number[];
  /** What a process of this user has in memory, now; null where the system does not say, which is then noted. */
  memory(pid: number): ProcessMemory | null;
  /**
   * Binds processes, with the threads they have now and what they start later, to `count` processors, or to all that there
   * are if those are fewer. Resolves to the kernel's numbers of them; null where this machine cannot, which is then noted.
   */
  bindToCores(pids: readonly number[], count: number): Promise<readonly number[] | null>;
  /** The kernel's TCP counters by name (`ListenOverflows`, `TCPReqQFullDrop`, …); null where there are none. They are the whole network namespace's. */
  readCounters(): Readonly<Record<string, number>> | null;
  /**
   * From now on looks at the segments to and from `port`; they are recorded as `segment` rows once it is stopped. `nameOf` names
   * a connection by its client's port. Null where this machine does not allow it, which is then noted as lacking.
   */
  captureSegments(port: number, nameOf: (clientPort: number) => string | undefined): Promise<SegmentCapture | null>;
  /**
   * Makes the requests of a patterns scenario's load, each at its time from `start()` and on a connection of its own, whatever became of
   * those before it. Records `arrive`, `connected` and `depart` (or `lost`) of `request:N`, in the trace of `part` where it is given; latencies count from the planned moment. Resolves when all have ended.
   */
  openLoopLoad(plan: LoadPlan, part?: string): Promise<readonly LoadResult[]>;
  /** One HTTP request to 127.0.0.1, now, on a connection of its own; nothing of it is recorded. Does not throw: see `error`. */
  http(port: number, plan: HttpPlan): Promise<HttpAnswer>;
  /** From now on watches how much of the processors others than this run use. */
  watchOthers(): OthersWatch;
  /** What happens to one attempt after another of the lab's retry scenario: the same as in its simulation, for the same seed, where the attempts come in the same order. */
  fates(): Fates;
  /** Iterations of the kit's `busyLoop` that take a millisecond of CPU time here, measured now. Takes some 50 ms in which nothing else is done. */
  calibrateBusyLoop(): number;
}

export interface OthersWatch {
  /** Cores that others kept busy on average, since the start or since this was last asked; null where the system does not say (outside Linux). */
  cores(): number | null;
}

export interface SegmentCapture {
  /** Records what was seen. */
  stop(): Promise<void>;
}

/** How the rows of a queue are recorded. */
export interface QueueName {
  readonly kind: string;
  readonly entity: string;
}

export interface QueueSampling {
  /** Samples that were taken. */
  readonly samples: number;
  stop(): void;
}

export interface SocketQueueSampling extends QueueSampling {
  /** Looks once more, now, and gives what an end (`client:c1`) holds in bytes; null where the kernel shows no such end. */
  now(entity: string): { readonly sendQueue: number; readonly receiveQueue: number } | null;
}

/** The lab's server while it is up, seen from the experiment. */
export interface RunningServer extends LabServer {
  /**
   * Records the connections that the server accepted so far: `accepted` of `server:cN` (value: descriptor) and `descriptors`
   * of `server`, at the server's own times. The clients say which connection is whose, by its port.
   */
  recordAccepted(clients: ClientGroup): Promise<void>;
}
