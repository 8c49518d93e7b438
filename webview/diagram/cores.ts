import { CPU_KIND } from '../../src/shared/cpuTrace.ts';
import { events, type Trace } from '../../src/shared/trace.ts';

/** A time in one state; in nanoseconds. */
export interface Span {
  readonly state: 'running' | 'ready' | 'asleep';
  readonly fromNs: number;
  readonly toNs: number;
  /** Where it runs. */
  readonly core: number | null;
}

export interface CoreThread {
  readonly name: string;
  readonly process: string;
  /** The kernel's number; null where nothing tells. */
  readonly tid: number | null;
  readonly arriveNs: number;
  /** Null where it had not ended when the trace did. */
  readonly finishNs: number | null;
  readonly spans: readonly Span[];
}

export interface CoreProcess {
  readonly name: string;
  readonly pid: number | null;
  /** Memory of its own with that of its threads, in kB; null where nothing tells. */
  readonly memoryKb: number | null;
  readonly threads: readonly CoreThread[];
  /** What it reads in the counter, from when on; empty where nobody counts. */
  readonly readings: readonly (readonly [timeNs: number, value: number])[];
}

/** Processes and their threads on cores, over a whole trace. */
export interface Cores {
  readonly measured: boolean;
  readonly cores: number;
  readonly processes: readonly CoreProcess[];
  readonly threads: readonly CoreThread[];
  /** Ready threads, from when on. */
  readonly queue: readonly (readonly [timeNs: number, length: number])[];
  readonly longestQueue: number;
  readonly durationNs: number;
  /** Row counts after which there is something new to see. */
  readonly beats: readonly number[];
}

interface OpenThread {
  readonly name: string;
  readonly process: string;
  readonly tid: number | null;
  readonly arriveNs: number;
  finishNs: number | null;
  readonly spans: Span[];
  open: { readonly state: Span['state']; readonly fromNs: number; readonly core: number | null } | null;
}

interface OpenProcess {
  readonly name: string;
  pid: number | null;
  memoryKb: number | null;
  readonly threads: OpenThread[];
  readonly readings: (readonly [number, number])[];
}

/** What happens at one instant is one step. */
const BEATS: ReadonlySet<string> = new Set([CPU_KIND.ready, CPU_KIND.dispatch, CPU_KIND.preempt, CPU_KIND.block, CPU_KIND.finish, CPU_KIND.switch]);

/** Reads a trace of the model `cpu`. */
export function coresOf(trace: Trace): Cores {
  const processes = new Map<string, OpenProcess>();
  const threads = new Map<string, OpenThread>();
  const queue: (readonly [number, number])[] = [];
  const threadsKb = new Map<string, number>();
  let cores = 1;
  const processOf = (name: string): OpenProcess => {
    const process = processes.get(name) ?? { name, pid: null, memoryKb: null, threads: [], readings: [] };
    processes.set(name, process);
    return process;
  };
  const change = (thread: OpenThread | undefined, atNs: number, state: Span['state'] | null, core: number | null = null): void => {
    if (!thread) return;
    const { open } = thread;
    if (open && atNs > open.fromNs) thread.spans.push({ ...open, toNs: atNs });
    thread.open = state && { state, fromNs: atNs, core };
  };
  for (const { timeNs, kind, entity, value, detail } of events(trace)) {
    const name = entity.slice(entity.indexOf(':') + 1);
    const named = threads.get(String(detail?.thread ?? name));
    if (entity.startsWith('core:')) cores = Math.max(cores, Number(name) + 1);
    if (kind === CPU_KIND.arrive) {
      const process = processOf(String(detail?.process ?? name));
      const thread: OpenThread = { name, process: process.name, tid: numberOr(detail?.tid), arriveNs: timeNs, finishNs: null, spans: [], open: null };
      process.pid ??= numberOr(detail?.pid);
      process.threads.push(thread);
      threads.set(name, thread);
    } else if (kind === CPU_KIND.memory) {
      // A thread's may be told of before the thread is.
      if (entity.startsWith('process:')) processOf(name).memoryKb = value;
      else threadsKb.set(name, value);
    } else if (kind === CPU_KIND.counter) {
      processOf(name).readings.push([timeNs, value]);
    } else if (kind === CPU_KIND.ready) {
      change(named, timeNs, 'ready');
    } else if (kind === CPU_KIND.dispatch) {
      change(named, timeNs, 'running', Number(name));
    } else if (kind === CPU_KIND.block) {
      change(named, timeNs, 'asleep');
    } else if (kind === CPU_KIND.finish && named) {
      change(named, timeNs, null);
      named.finishNs = timeNs;
    } else if (kind === CPU_KIND.runQueue) {
      queue.push([timeNs, value]);
    }
  }
  for (const thread of threads.values()) change(thread, trace.durationNs, null);
  return {
    measured: trace.source === 'measured',
    cores,
    processes: [...processes.values()].filter((process) => process.threads.length > 0).map((process) => withThreads(process, threadsKb)),
    threads: [...threads.values()],
    queue,
    longestQueue: queue.reduce((most, [, length]) => Math.max(most, length), 0),
    durationNs: trace.durationNs,
    beats: beatsOf(trace),
  };
}

/** Where a thread is at a moment. */
export function stateOf({ arriveNs, finishNs, spans }: CoreThread, timeNs: number): Span | 'done' | 'to come' {
  if (finishNs !== null && timeNs >= finishNs) return 'done';
  if (timeNs < arriveNs) return 'to come';
  return spans.findLast((span) => span.fromNs <= timeNs) ?? 'to come';
}

/** What a process reads in the counter at a moment; null where nobody counts. */
export function readingOf({ readings }: CoreProcess, timeNs: number): number | null {
  return readings.findLast(([fromNs]) => fromNs <= timeNs)?.[1] ?? null;
}

/** With the memory that its threads take besides. */
function withThreads(process: OpenProcess, threadsKb: ReadonlyMap<string, number>): CoreProcess {
  const taken = process.threads.flatMap(({ name }) => threadsKb.get(name) ?? []);
  if (taken.length === 0) return process;
  return { ...process, memoryKb: taken.reduce((sum, kb) => sum + kb, process.memoryKb ?? 0) };
}

function beatsOf({ timeNs, kind, kinds }: Trace): number[] {
  const beats: number[] = [];
  let tells = false;
  for (let row = 0; row < timeNs.length; row++) {
    tells ||= BEATS.has(kinds[kind[row] as number] as string);
    if (timeNs[row + 1] === timeNs[row]) continue;
    if (tells) beats.push(row + 1);
    tells = false;
  }
  return beats;
}

function numberOr(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
