import type { XrayProcess } from '../../shared/xray/sample.ts';
import type { Recognised } from '../../shared/xray/view.ts';
import { plural } from './words.ts';

/** Node's own names: of the program, and of its main thread. */
const NODE = /^(node|nodejs)$/;

export function isNode({ program, name }: XrayProcess): boolean {
  return program !== null ? NODE.test(program) : NODE.test(name);
}

/** Threads that bear their process' own name; one that a program named has a task of its own. */
function workers({ name, threads }: XrayProcess): number {
  return threads.filter((thread) => thread.name === name).length;
}

/** True where more than one thread of the process can serve. Node's further threads never do: JavaScript runs on the main one. */
export function hasPool(process: XrayProcess): boolean {
  return !isNode(process) && workers(process) > 1;
}

/** The thread pool in each of these processes, where they have one. */
export function threadsWithin(processes: readonly XrayProcess[]): Recognised[] {
  const pools = processes.filter(hasPool);
  const [first] = pools;
  if (!first) return [];
  const sizes = pools.map(workers);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const count = least === most ? String(least) : `${least} to ${most}`;
  const where = pools.length === 1 ? `Process ${first.pid} has` : `${pools.length} processes have`;
  return [{ pattern: 'thread-pool', evidence: [`${where} ${count} threads of the process' own name${pools.length === 1 ? '' : ' each'}${waitsOf(first)}.`] }];
}

/** What the threads of a process wait for, as the end of a sentence. */
function waitsOf({ threads, pid }: XrayProcess): string {
  const count = (wait: string): number => threads.filter((thread) => thread.wait === wait).length;
  const [lock, events] = [count('lock'), count('events')];
  if (lock + events === 0) return '';
  return `; of ${pid}'s, ${lock} sleep on a lock or wait for a job (futex) and ${events} wait for events (epoll)`;
}

/** Why a process with these threads serves with one. */
export function oneThread(process: XrayProcess): string {
  const { pid, threadCount, threads, name } = process;
  if (threadCount === 1) return `Process ${pid} has one thread.`;
  if (isNode(process)) return `It is Node.js: JavaScript runs on the main thread ${pid}; the other ${threadCount - 1} are V8's and libuv's.${busiest(process)}`;
  const helpers = [...new Set(threads.filter((thread) => thread.name !== name).map((thread) => thread.name))];
  return `One thread bears the process' own name; the other ${plural(threadCount - 1, 'thread')} ${threadCount === 2 ? 'has a name' : 'have names'} of ${threadCount === 2 ? 'its' : 'their'} own (${helpers.slice(0, 4).join(', ')}).${busiest(process)}`;
}

/** Processor time is counted in steps of 10 ms: below this, shares of it say nothing. */
const ENOUGH_MS = 200;

function busiest({ threads, cpuMs }: XrayProcess): string {
  const [top] = [...threads].sort((a, b) => b.cpuMs - a.cpuMs);
  if (!top || cpuMs < ENOUGH_MS) return '';
  return ` Thread ${top.tid} used ${Math.round((100 * top.cpuMs) / cpuMs)} % of its processor time so far.`;
}
