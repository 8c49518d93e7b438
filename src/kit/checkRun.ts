import { connectClients, type ClientGroup } from '../runtime/connectClients.ts';
import { sleep } from '../runtime/patience.ts';
import type { CheckJob } from '../shared/rpc.ts';
import { endpointEntity, TCP_KIND } from '../shared/tcpTrace.ts';
import type { Trace } from '../shared/trace.ts';
import { RandomStream } from '../sim/engine/random.ts';
import type { BurstResult, CheckContext } from './checkContext.ts';
import { isRejection } from './clientWords.ts';
import { CheckFailure } from './checkFailure.ts';
import { judge, marginText, type About, type Expectation } from './expectation.ts';
import { drawFaults, type FaultWeights, type HttpFault } from './faults.ts';
import { Fitness } from './fitness.ts';
import { askHttp, type HttpAnswer, type HttpPlan } from './httpClient.ts';
import type { JobContext } from './jobContext.ts';
import type { LearnerFile } from './learnerFile.ts';
import { learnerProgram } from './learnerProgram.ts';
import { sampleListenQueue } from './listenQueueSampling.ts';
import { MeasuredTrace } from './measuredTrace.ts';
import type { Program } from './program.ts';
import type { ProgramProcess } from './programProcess.ts';
import { startLearner, type StartedLearner, type StartOptions } from './startLearner.ts';
import { connectTcp, type TcpClient } from './tcpClient.ts';
import { exploreThreads, runThreadsFreely, type ExploreOptions, type FreeOptions } from './threads/checkThreads.ts';
import { startThreads } from './threads/startThreads.ts';

const SAMPLE_MS = 10;
const TIMEOUT_MS = 5000;

type CheckRunJob = Pick<CheckJob, 'seed' | 'mayStartProcesses' | 'debugAs' | 'checkPath' | 'labDir'>;

/** One check while it runs: what its code is handed, and what is to be ended after it. */
export class CheckRun implements CheckContext {
  readonly evidence = new MeasuredTrace('tcp');
  readonly random: RandomStream;
  readonly steps: string[] = [];
  readonly processes: ProgramProcess[] = [];
  /** On which each was told to listen. */
  readonly ports = new Map<ProgramProcess, number>();
  readonly source: string;
  /** True once a client of the kit waited in vain. */
  timedOut = false;
  /** True once one was refused, or its connection broke. */
  rejected = false;
  #fitness = new Fitness();
  #threadsProcess: Promise<ProgramProcess> | null = null;
  #interleaving: Trace | null = null;
  readonly #cleanUps: (() => void)[] = [];
  #clients = 0;
  #connections = 0;
  readonly #job: CheckRunJob;
  readonly #id: string;

  constructor(
    readonly file: LearnerFile,
    readonly context: JobContext,
    readonly signal: AbortSignal,
    job: CheckRunJob,
    id: string,
    readonly warm: Promise<void>,
  ) {
    this.source = file.source;
    this.random = new RandomStream(job.seed, id);
    this.#job = job;
    this.#id = id;
  }

  step(sentence: string): void {
    this.steps.push(sentence);
  }

  async start(options: StartOptions = {}): Promise<Program> {
    const [{ process, port }] = await Promise.all([this.#startLearner(options), this.warm]);
    this.ports.set(process, port);
    this.evidence.start();
    // How the start of a process held us up says nothing of what follows.
    this.#fitness.stop();
    this.#fitness = new Fitness(this.processes.map(({ pid }) => pid));
    return learnerProgram(process, port, this.file, this.random);
  }

  async explore(options: ExploreOptions): Promise<{ interleavings: number }> {
    return exploreThreads(await this.#threads(), this.file, options, (trace) => (this.#interleaving = trace));
  }

  async runThreads(options: FreeOptions): Promise<{ durationMs: number }> {
    return runThreadsFreely(await this.#threads(), this.file, options);
  }

  async sleep(milliseconds: number): Promise<void> {
    await sleep(milliseconds, this.signal);
  }

  async burst({ port }: Program, plan: { readonly count: number; readonly withinMs: number; readonly timeoutMs?: number }): Promise<BurstResult> {
    const { count, withinMs, timeoutMs = TIMEOUT_MS } = plan;
    const sampling = sampleListenQueue(port, SAMPLE_MS, this.evidence);
    this.#cleanUps.push(() => sampling.stop());
    const first = this.#clients;
    this.#clients += count;
    const group = connectClients({ port, count, everyMs: count > 1 ? withinMs / (count - 1) : 0, timeoutMs }, ({ id, connectedNs, error }) => {
      const entity = endpointEntity('client', `c${first + Number(id.slice(1))}`);
      if (connectedNs !== null) this.evidence.add(TCP_KIND.connected, entity, 0, undefined, connectedNs);
      else if (error !== 'CLOSED') this.evidence.add(TCP_KIND.connectFailed, entity, 0, { error });
    });
    this.#cleanUps.push(() => group.close());
    await group.settled;
    return this.#burstResult(group);
  }

  async httpBurst(program: Program, plan: HttpPlan & { readonly count: number; readonly withinMs: number }): Promise<readonly HttpAnswer[]> {
    const everyMs = plan.count > 1 ? plan.withinMs / (plan.count - 1) : 0;
    return Promise.all(
      Array.from({ length: plan.count }, async (_, i) => {
        if (i * everyMs > 0) await this.sleep(i * everyMs);
        return this.http(program, plan);
      }),
    );
  }

  async http({ port }: Program, plan: HttpPlan = {}): Promise<HttpAnswer> {
    const answer = await askHttp(port, plan);
    this.timedOut ||= answer.error === 'TIMEOUT';
    this.rejected ||= isRejection(answer.error);
    return answer;
  }

  drawFaults(weights: FaultWeights): () => HttpFault | undefined {
    return drawFaults(weights, this.random);
  }

  async connect({ port }: Program, { timeoutMs = TIMEOUT_MS }: { readonly timeoutMs?: number } = {}): Promise<TcpClient> {
    // Streams of its own, so that how one connection is cut does not depend on the others.
    const name = `${this.#id}: connection ${++this.#connections}`;
    const client = await connectTcp(port, timeoutMs, (use) => new RandomStream(this.#job.seed, use === 'cuts' ? name : `${name}: ${use}`));
    this.#cleanUps.push(() => client.close());
    return client;
  }

  expect(actual: unknown, expectation: Expectation, about: About): void {
    const { met, expected, actual: seen } = judge(actual, expectation, about.unit);
    // What a debugger held up is not to be blamed for its slowness.
    if (met || (about.kind === 'too-slow' && this.#job.debugAs !== null)) return;
    const objection = about.kind === 'too-slow' ? this.#fitness.objection(Number(actual), expectation.atMost ?? 0) : null;
    if (objection) throw new CheckFailure({ kind: 'unfit-machine', message: objection, expected, actual: seen });
    const message = about.message ?? `${about.what}: expected ${expected}, got ${seen}.`;
    const margin = about.kind === 'too-slow' ? marginText(Number(actual), expectation.atMost, about.unit) : '';
    this.fail({ kind: about.kind ?? 'wrong-answer', message: `${message}${margin}`, expected, actual: seen, hint: about.hint, at: about.at });
  }

  fail({ at, hint, ...failure }: Parameters<CheckContext['fail']>[0]): never {
    const location = this.file.locate(at);
    throw new CheckFailure({ ...failure, ...(hint !== undefined && { hint }), ...(location && { location }) });
  }

  /** What the panel plays of this run. */
  trace(): Trace {
    return this.#interleaving ?? this.evidence.build();
  }

  /** Ends the clients and the programs. */
  async end(how: 'with grace' | 'at once'): Promise<void> {
    this.#fitness.stop();
    for (const cleanUp of this.#cleanUps) cleanUp();
    await Promise.all(this.processes.map((process) => process.stop(how)));
  }

  /** One process for all that the check does with threads. */
  #threads(): Promise<ProgramProcess> {
    return (this.#threadsProcess ??= startThreads(this.file, this.context, this.#job, (started) => this.processes.push(started)));
  }

  #startLearner(options: StartOptions): Promise<StartedLearner> {
    return startLearner(this.file, this.context, { ...options, mayStartProcesses: this.#job.mayStartProcesses, debug: this.#job.debugAs !== null }, (started) => {
      this.processes.push(started);
      return () => this.processes.splice(this.processes.indexOf(started), 1);
    });
  }

  #burstResult({ clients }: ClientGroup): BurstResult {
    const connectMs = clients.filter((client) => client.connectedNs !== null).map((client) => ((client.connectedNs as number) - client.startedNs) / 1e6);
    const errors = clients.map(({ error }) => error).filter((error) => error !== null);
    this.rejected ||= errors.some(isRejection);
    return { connected: connectMs.length, failed: errors.length, connectMs, slowestMs: Math.max(0, ...connectMs), errors };
  }
}
