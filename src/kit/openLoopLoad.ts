import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicNs } from '../runtime/monotonicNs.ts';
import { PATTERNS_KIND, PATTERNS_NS_PER_UNIT, requestEntity } from '../shared/patternsTrace.ts';
import { plannedRequests, type PatternsLoad, type PlannedRequest } from '../sim/patterns/plannedRequests.ts';
import { askHttp, type HttpAnswer, type HttpPlan } from './httpClient.ts';
import type { MeasuredTrace } from './measuredTrace.ts';

/** One request of a load: the model's own, with its class's name. Times in milliseconds. */
export interface LoadRequest {
  readonly index: number;
  readonly classIndex: number;
  readonly className: string;
  /** When it is to be made, after the load's start. */
  readonly atMs: number;
  readonly cpuMs: number;
  readonly ioMs: number;
  /** Of computing after the I/O. */
  readonly afterMs: number;
}

/** What is asked of whom, and how it is recorded. */
export interface LoadPlan {
  readonly port: number;
  /** Arrivals, classes and seed: the fields of a patterns scenario, whose unit of time is a millisecond here. */
  readonly load: PatternsLoad;
  /** The HTTP request that stands for one of the load's. */
  readonly ask: (request: LoadRequest) => HttpPlan;
  /** Stands before the name of each entity that is recorded: `cluster/` makes `cluster/request:3`. */
  readonly prefix?: string;
}

/** What became of one request. */
export interface LoadResult {
  readonly request: LoadRequest;
  readonly answer: HttpAnswer;
  /** From the moment for which it was planned until its last byte, or its error: what held up the generator itself counts too. */
  readonly latencyMs: number;
  /** How long after that moment it was really made. */
  readonly lateMs: number;
}

/** The requests of a load, the same ones that the model serves for the same fields. */
export function loadRequests(load: PatternsLoad): LoadRequest[] {
  const unitMs = PATTERNS_NS_PER_UNIT / 1e6;
  return [...plannedRequests(load)].map(({ index, classIndex, arriveAt, cpu, io, after }: PlannedRequest) => ({
    index,
    classIndex,
    className: load.classes[classIndex]?.name ?? '',
    atMs: arriveAt * unitMs,
    cpuMs: cpu * unitMs,
    ioMs: io * unitMs,
    afterMs: after * unitMs,
  }));
}

/**
 * Makes each request at its time from the trace's time 0, on a connection of its own, whatever became of those before it: an open
 * loop, as many users who know nothing of each other are. A closed loop, which waits for one answer before it asks again, would ask
 * less of a server that is slow and leave out just the waits that matter (coordinated omission). Records `arrive`, `connected` and `depart` of
 * each, or `lost` where there was no answer or one of 500 and above. Resolves when all have ended; rejects when cancelled.
 */
export async function openLoopLoad(plan: LoadPlan, trace: MeasuredTrace, signal: AbortSignal): Promise<LoadResult[]> {
  const limit = new AbortController();
  const both = AbortSignal.any([signal, limit.signal]);
  try {
    return await Promise.all(loadRequests(plan.load).map((request) => makeRequest(request, plan, trace, both)));
  } finally {
    limit.abort();
  }
}

async function makeRequest(request: LoadRequest, { port, ask, prefix = '' }: LoadPlan, trace: MeasuredTrace, signal: AbortSignal): Promise<LoadResult> {
  const plannedNs = trace.startNs + Math.round(request.atMs * 1e6);
  const className = { class: request.className };
  await untilNs(plannedNs, signal);
  const entity = `${prefix}${requestEntity(request.index)}`;
  trace.add(PATTERNS_KIND.arrive, entity, request.classIndex, className, plannedNs);
  const lateMs = (monotonicNs() - plannedNs) / 1e6;
  const answer = await askHttp(port, ask(request));
  const endNs = monotonicNs();
  if (answer.connectMs !== null) {
    const connectedNs = Math.round((lateMs + answer.connectMs) * 1e6);
    trace.add(PATTERNS_KIND.connected, entity, connectedNs, undefined, plannedNs + connectedNs);
  }
  const served = answer.status !== null && answer.status < 500;
  if (served) trace.add(PATTERNS_KIND.depart, entity, endNs - plannedNs, className, endNs);
  else trace.add(PATTERNS_KIND.lost, entity, answer.error === 'ECONNREFUSED' ? -1 : 0, { error: answer.error ?? String(answer.status) }, endNs);
  return { request, answer, latencyMs: (endNs - plannedNs) / 1e6, lateMs };
}

/** Node's timers cut to whole milliseconds and may so come early: the rest is waited for turn by turn. */
async function untilNs(atNs: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.max(0, (atNs - monotonicNs()) / 1e6), undefined, { signal });
  while (monotonicNs() < atNs) await new Promise((resolve) => setImmediate(resolve));
}
