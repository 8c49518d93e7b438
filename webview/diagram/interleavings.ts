import { PROGRAM_ENTITY, THREADS_KIND } from '../../src/shared/threadsTrace.ts';
import { eventAt, events, TraceBuilder, type Trace, type TraceEvent } from '../../src/shared/trace.ts';

/** A step of one thread, and what came with it. */
export interface InterleavingStep {
  readonly thread: string;
  /** The line of its program, from 0; -1 where it is not the reader's. */
  readonly line: number;
  readonly instruction: string;
  readonly cells: readonly { readonly cell: string; readonly before: number; readonly after: number }[];
  readonly registers: readonly { readonly register: string; readonly before: number; readonly after: number }[];
  readonly locks: readonly { readonly lock: string; readonly taken: boolean }[];
  /** Who now waits, and for what. */
  readonly waits: readonly { readonly thread: string; readonly for: string; readonly holder: string | null }[];
  readonly wakes: readonly string[];
  /** Rows of the order's trace up to its end. */
  readonly row: number;
}

/** One complete order of steps, with a clock of its own. */
export interface Interleaving {
  readonly trace: Trace;
  readonly threads: readonly string[];
  readonly cells: ReadonlyMap<string, number>;
  readonly steps: readonly InterleavingStep[];
  readonly ends: 'outcome' | 'deadlock';
  /** Names of threads in the order in which they step. */
  readonly schedule: readonly string[];
  readonly switches: number;
  /** How many orders come to this outcome; null where that is not known. */
  readonly interleavings: number | string | null;
  readonly serial: boolean | null;
  /** What memory holds at the end. */
  readonly memory: ReadonlyMap<string, number>;
}

/** Memory, locks and waiters after the steps so far. */
export interface InterleavingState {
  readonly done: number;
  readonly memory: ReadonlyMap<string, number>;
  /** Lock → its owner. */
  readonly owners: ReadonlyMap<string, string>;
  /** Thread → what it waits for. */
  readonly waiting: ReadonlyMap<string, string>;
}

/** All orders that a trace plays, one after another. */
export function interleavingsOf(trace: Trace): readonly Interleaving[] {
  const starts: number[] = [];
  for (let row = 0; row < trace.timeNs.length; row++) if (eventAt(trace, row).kind === THREADS_KIND.run) starts.push(row);
  const threads = threadsOf(trace);
  return starts.map((from, i) => interleaving(trace, from, starts[i + 1] ?? trace.timeNs.length, threads));
}

function threadsOf(trace: Trace): string[] {
  const named = trace.entities.filter((entity) => entity.startsWith('thread:')).map((entity) => entity.slice('thread:'.length));
  return named.sort((a, b) => a.localeCompare(b, 'en'));
}

function interleaving(whole: Trace, from: number, to: number, threads: readonly string[]): Interleaving {
  const startNs = whole.timeNs[from] as number;
  const builder = new TraceBuilder(whole.source, whole.model);
  const cells = new Map<string, number>();
  const steps: (InterleavingStep & Building)[] = [];
  let ends: Interleaving['ends'] = 'outcome';
  let head: TraceEvent | null = null;
  for (let row = from; row < to; row++) {
    const event = eventAt(whole, row);
    builder.add(event.timeNs - startNs, event.kind, event.entity, event.value, event.detail);
    if (event.kind === THREADS_KIND.run) head = event;
    else if (event.kind === THREADS_KIND.step) steps.push(begun(event, row - from + 1));
    else if (event.kind === THREADS_KIND.memory && !event.detail) cells.set(nameOf(event), event.value);
    else if (event.kind === THREADS_KIND.deadlock && event.entity === PROGRAM_ENTITY) ends = 'deadlock';
    const last = steps.at(-1);
    if (last && event.kind !== THREADS_KIND.outcome && event.kind !== THREADS_KIND.deadlock) add(last, event, row - from + 1);
  }
  const memory = new Map(cells);
  for (const { cells: changes } of steps) for (const { cell, after } of changes) memory.set(cell, after);
  const endNs = (whole.timeNs[to - 1] as number) - startNs;
  const { switches, interleavings, serial } = head?.detail ?? {};
  return {
    trace: builder.build(endNs),
    threads,
    cells,
    steps,
    ends,
    schedule: steps.map(({ thread }) => thread),
    switches: Number(switches ?? 0),
    interleavings: typeof interleavings === 'number' || typeof interleavings === 'string' ? interleavings : null,
    serial: typeof serial === 'boolean' ? serial : null,
    memory,
  };
}

/** A step whose rows are still being read. */
interface Building {
  cells: { cell: string; before: number; after: number }[];
  registers: { register: string; before: number; after: number }[];
  locks: { lock: string; taken: boolean }[];
  waits: { thread: string; for: string; holder: string | null }[];
  wakes: string[];
  row: number;
}

function begun(event: TraceEvent, row: number): InterleavingStep & Building {
  return { thread: nameOf(event), line: event.value, instruction: String(event.detail?.instruction ?? ''), cells: [], registers: [], locks: [], waits: [], wakes: [], row };
}

function add(step: Building, event: TraceEvent, row: number): void {
  const { kind, value, detail = {} } = event;
  step.row = row;
  if (kind === THREADS_KIND.memory && detail.thread !== undefined) step.cells.push({ cell: nameOf(event), before: Number(detail.before), after: value });
  else if (kind === THREADS_KIND.register) step.registers.push({ register: String(detail.register), before: Number(detail.before), after: value });
  else if (kind === THREADS_KIND.lock) step.locks.push({ lock: nameOf(event), taken: value === 1 });
  else if (kind === THREADS_KIND.wait) step.waits.push({ thread: nameOf(event), for: String(detail.lock), holder: typeof detail.holder === 'string' ? detail.holder : null });
  else if (kind === THREADS_KIND.wake) step.wakes.push(nameOf(event));
}

function nameOf({ entity }: TraceEvent): string {
  return entity.slice(entity.indexOf(':') + 1);
}

/** What holds when so many rows of an order's trace have happened. */
export function stateAt({ trace, cells, steps }: Interleaving, row: number): InterleavingState {
  const memory = new Map(cells);
  const owners = new Map<string, string>();
  const waiting = new Map<string, string>();
  let at = 0;
  for (const event of events(trace)) {
    if (at++ >= row) break;
    const name = nameOf(event);
    if (event.kind === THREADS_KIND.memory) memory.set(name, event.value);
    else if (event.kind === THREADS_KIND.wait) waiting.set(name, String(event.detail?.lock));
    else if (event.kind === THREADS_KIND.wake) waiting.delete(name);
    else if (event.kind === THREADS_KIND.lock && event.value === 1) owners.set(name, String(event.detail?.thread));
    else if (event.kind === THREADS_KIND.lock) owners.delete(name);
  }
  return { done: steps.filter((step) => step.row <= row).length, memory, owners, waiting };
}
