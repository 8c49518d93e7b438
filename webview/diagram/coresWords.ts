import { CPU_KIND } from '../../src/shared/cpuTrace.ts';
import type { TraceEvent } from '../../src/shared/trace.ts';
import { formatNumber, formatTime, plural } from '../format.ts';
import { readingOf, stateOf, type CoreProcess, type Cores, type CoreThread } from './cores.ts';

/** 48 MiB, 640 KiB. */
export function formatKb(kb: number): string {
  return kb >= 1024 ? `${formatNumber(kb / 1024)} MiB` : `${formatNumber(kb)} KiB`;
}

/** The line of state: who runs, how many wait, and what the first process reads. */
export function coresState({ cores, threads, processes }: Cores, timeNs: number): string {
  const states = threads.map((thread) => ({ thread, state: stateOf(thread, timeNs) }));
  const count = (is: string): number => states.filter(({ state }) => (typeof state === 'object' ? state.state : state) === is).length;
  const running = states.flatMap(({ thread, state }) => (typeof state === 'object' && state.state === 'running' ? [thread.name] : []));
  const who = running.length === 0 ? `No thread of these runs on ${cores === 1 ? 'the core' : 'a core'}` : `${cores === 1 ? 'The core runs' : 'The cores run'} ${running.join(', ')}`;
  const asleep = count('asleep');
  const first = processes[0];
  const reading = first && readingOf(first, timeNs);
  const x = first && reading !== null && reading !== undefined ? ` In ${first.name}, x is ${formatNumber(reading)}.` : '';
  return `${who}; ${plural(count('ready'), 'thread')} ready${asleep > 0 ? `, ${formatNumber(asleep)} asleep` : ''}, ${formatNumber(count('done'))} done.${x}`;
}

/** The sentence to remember of a whole trace: how long they took, how long they waited, and who reads what. */
export function coresTakeaway({ cores, threads, processes, durationNs }: Cores): string {
  if (threads.length === 0) return 'No thread ran.';
  const waits = threads.map(waitOf);
  const mean = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
  const end = Math.max(...threads.map(({ finishNs }) => finishNs ?? durationNs));
  const times = `${plural(threads.length, 'thread')} of ${formatNumber(processes.length)} ${processes.length === 1 ? 'process' : 'processes'} on ${plural(cores, 'core')}: all done after ${formatTime(end)}; each waited ${formatTime(mean)} for a core on average.`;
  const readings = processes.map((process) => ({ process, reads: readingOf(process, durationNs) ?? 0 }));
  if (readings.every(({ reads }) => reads === 0)) return times;
  const values = [...new Set(readings.map(({ reads }) => formatNumber(reads)))];
  if (values.length === 1) return `${times} ${readings.length === 1 ? 'In its memory' : 'In each memory'} x is ${values[0] ?? ''}.`;
  return `${times} Each process has an x of its own: ${readings.slice(0, 3).map(({ process, reads }) => `${formatNumber(reads)} in ${process.name}`).join(', ')}${readings.length > 3 ? ', and so on' : ''}.`;
}

/** How long a thread was ready and had no core. */
export function waitOf({ spans }: CoreThread): number {
  return spans.reduce((sum, { state, fromNs, toNs }) => sum + (state === 'ready' ? toNs - fromNs : 0), 0);
}

/** A thread's life in a sentence. */
export function lifeOf(thread: CoreThread): string {
  const { name, process, tid, arriveNs, finishNs, spans } = thread;
  const pieces = spans.filter(({ state }) => state === 'running');
  const ran = pieces.reduce((sum, { fromNs, toNs }) => sum + toNs - fromNs, 0);
  const end = finishNs === null ? 'not yet done' : `done after ${formatTime(finishNs - arriveNs)}`;
  return `${name}${tid === null ? '' : ` (TID ${tid})`}, a thread of ${process}: ran ${formatTime(ran)} in ${plural(pieces.length, 'piece')}, waited ${formatTime(waitOf(thread))} for a core, ${end}.`;
}

/** A process in a sentence. */
export function processName(process: CoreProcess, timeNs: number): string {
  const { name, pid, memoryKb, threads } = process;
  const reading = readingOf(process, timeNs);
  const parts = [`Process ${name}${pid === null ? '' : `, PID ${pid}`}: ${plural(threads.length, 'thread')} in one memory`];
  if (memoryKb !== null) parts.push(`${formatKb(memoryKb)} of its own`);
  if (reading !== null) parts.push(`x is ${formatNumber(reading)} there`);
  return `${parts.join(', ')}.`;
}

/** One event of a scheduling trace as a sentence without its time. */
export function describeCpu({ kind, entity, value, detail }: TraceEvent): string {
  const [, name = ''] = entity.split(/:(.*)/);
  const thread = String(detail?.thread ?? name);
  switch (kind) {
    case CPU_KIND.arrive:
      return `Thread ${name} of ${String(detail?.process)} is there${typeof detail?.tid === 'number' ? `: TID ${detail.tid}` : ''}`;
    case CPU_KIND.memory:
      return `${entity.startsWith('process:') ? 'Process' : 'Thread'} ${name} takes ${formatKb(value)} of memory`;
    case CPU_KIND.counter:
      return `In the memory of ${name}, x is ${formatNumber(value)}`;
    case CPU_KIND.ready:
      return `${name} is ready: ${REASONS[String(detail?.why)] ?? 'it could run'}`;
    case CPU_KIND.switch:
      return `Core ${name} changes from ${String(detail?.from)} to ${thread}${value > 0 ? `, which takes ${formatTime(value)}` : ''}`;
    case CPU_KIND.dispatch:
      return `Core ${name} runs ${thread}`;
    case CPU_KIND.preempt:
      return `Core ${name} is taken from ${thread}`;
    case CPU_KIND.idle:
      return `Core ${name} has nothing to run`;
    case CPU_KIND.block:
      return `${name} sleeps, for ${formatTime(value)}`;
    case CPU_KIND.finish:
      return `${name} is done, after ${formatTime(value)}`;
    case CPU_KIND.runQueue:
      return `Run queue: ${plural(value, 'thread')} ready`;
    case CPU_KIND.boost:
      return 'Every thread goes back to the highest level';
    default:
      return `${kind} of ${entity}`;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  arrival: 'it has work now',
  io: 'what it waited for has come',
  quantum: 'its time slice is over',
  preempted: 'its core was taken',
};
