import type { RandomStream } from '../sim/engine/random.ts';
import type { Failure } from '../shared/report.ts';
import type { About, Expectation } from './expectation.ts';
import type { FaultWeights, HttpFault } from './faults.ts';
import type { HttpAnswer, HttpPlan } from './httpClient.ts';
import type { MeasuredTrace } from './measuredTrace.ts';
import type { Program } from './program.ts';
import type { StartOptions } from './startLearner.ts';
import type { TcpClient } from './tcpClient.ts';
import type { ExploreOptions, FreeOptions } from './threads/checkThreads.ts';

/** What one check is handed. A check passes when its function returns. */
export interface CheckContext {
  /** Says what is done next, as a person would; a failure lists these. */
  step(sentence: string): void;
  /**
   * Starts the learner's program and waits until it listens on PORT. What goes wrong there (no listening, another port, a
   * crash, a loop without end) fails the check with a sentence of its own. Programs are stopped when the check ends.
   */
  start(options?: StartOptions): Promise<Program>;
  /**
   * Runs a program of the exercise's `threads.ts`, whose threads call the functions that the learner's file exports, in one interleaving
   * after another: each access to shared memory is a step, and one thread steps at a time. Fails the check with the first interleaving
   * that breaks something, one with the fewest preemptions.
   */
  explore(options: ExploreOptions): Promise<{ readonly interleavings: number }>;
  /** Runs the same threads freely, as fast as they go, each `rounds` times. */
  runThreads(options: FreeOptions): Promise<{ readonly durationMs: number }>;
  /** The learner's source text. */
  readonly source: string;
  /** Aborted when grading is cancelled or out of time; what the kit offers then rejects by itself. */
  readonly signal: AbortSignal;
  /** Seeded; the seed is in the report. */
  readonly random: RandomStream;
  /** The failing run, for the panel to play. Clients and queues that the kit makes record into it by themselves. */
  readonly evidence: MeasuredTrace;
  sleep(milliseconds: number): Promise<void>;

  /** Clients that connect, spread evenly over `withinMs`, and stay until the check ends. */
  burst(program: Program, plan: { readonly count: number; readonly withinMs: number; readonly timeoutMs?: number }): Promise<BurstResult>;
  /** Requests that start, spread evenly over `withinMs`, each on a connection of its own. In the order of their start. */
  httpBurst(program: Program, plan: HttpPlan & { readonly count: number; readonly withinMs: number }): Promise<readonly HttpAnswer[]>;
  /** One request on a connection of its own. Does not throw: see `error`. */
  http(program: Program, plan?: HttpPlan): Promise<HttpAnswer>;
  /** Draws the fault of one request after another (`fault` of its plan): the same ones for the same seed. */
  drawFaults(weights: FaultWeights): () => HttpFault | undefined;
  /** One TCP connection. Fails the check when it cannot be had within `timeoutMs`. */
  connect(program: Program, plan?: { readonly timeoutMs?: number }): Promise<TcpClient>;

  /** Fails the check unless `actual` is as expected. */
  expect(actual: unknown, expected: Expectation, about: About): void;
  /** Fails the check. */
  fail(failure: Pick<Failure, 'kind' | 'message' | 'expected' | 'actual'> & Pick<About, 'hint' | 'at'>): never;
}

export interface BurstResult {
  readonly connected: number;
  readonly failed: number;
  /** Milliseconds of each connect() that succeeded, in the order of their start. */
  readonly connectMs: readonly number[];
  /** The longest of them; 0 where there is none. */
  readonly slowestMs: number;
  /** The errors of the others: `ECONNREFUSED`, `TIMEOUT`, … */
  readonly errors: readonly string[];
}
