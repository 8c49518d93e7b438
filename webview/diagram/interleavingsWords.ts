import { THREADS_KIND } from '../../src/shared/threadsTrace.ts';
import type { TraceEvent } from '../../src/shared/trace.ts';
import { formatNumber, plural } from '../format.ts';
import type { Interleaving, InterleavingState, InterleavingStep } from './interleavings.ts';

/** `AABBA` where names are letters, else names with spaces; what can be copied. */
export function scheduleText({ schedule }: Interleaving): string {
  return schedule.join(schedule.every((name) => name.length === 1) ? '' : ' ');
}

/** What an order comes to, in a few words: `x = 1`, or that nobody can go on. */
export function endWords({ ends, memory }: Interleaving): string {
  if (ends === 'deadlock') return 'deadlock';
  return memory.size === 0 ? 'all end' : [...memory].map(([cell, value]) => `${cell} = ${value}`).join(', ');
}

/** What all orders together come to. */
export function interleavingsTakeaway(orders: readonly Interleaving[]): string {
  const counts = orders.map(({ interleavings }) => Number(interleavings ?? Number.NaN));
  const of = counts.reduce((sum, count) => sum + count, 0);
  const wrong = orders.filter(({ serial }) => serial === false);
  const stuck = orders.find(({ ends }) => ends === 'deadlock');
  const parts = [
    ...(wrong.length > 0 ? [`${some(wrong, of)} come to what no order of whole threads gives: an update is lost`] : []),
    ...(stuck ? [`${some([stuck], of)} deadlock`] : []),
  ];
  if (parts.length > 0) return `${parts.join('; ')}.`;
  return Number.isFinite(of) ? `All ${formatNumber(of)} orders of the steps come out right.` : 'Every order of the steps comes out right.';
}

function some(orders: readonly Interleaving[], of: number): string {
  const count = orders.reduce((sum, { interleavings }) => sum + Number(interleavings ?? Number.NaN), 0);
  return Number.isFinite(count) ? `${formatNumber(count)} of ${formatNumber(of)} orders` : 'Some orders';
}

/** Where an order stands. */
export function interleavingState({ done, memory, waiting }: InterleavingState, { steps, ends }: Interleaving): string {
  const holds = [...memory].map(([cell, value]) => `${cell} is ${value}`).join(', ');
  const waits = [...waiting].map(([thread, what]) => `${thread} waits for ${what}`).join(', ');
  const end = done < steps.length ? '' : ends === 'deadlock' ? ' Nobody can go on.' : ' That is all.';
  const last = steps[done - 1];
  const did = last ? `Step ${done} of ${steps.length}: ${last.thread} does ${last.instruction}.` : `Nothing has happened yet; ${plural(steps.length, 'step')} to come.`;
  return `${did}${holds === '' ? '' : ` ${holds}.`}${waits === '' ? '' : ` ${waits}.`}${end}`;
}

/** A step in full, for who points at it. */
export function stepName(step: InterleavingStep, index: number): string {
  const line = step.line >= 0 ? `line ${step.line + 1}, ` : '';
  const cells = step.cells.map(({ cell, before, after }) => `${cell}: ${before} → ${after}`);
  const registers = step.registers.map(({ register, after }) => `${register} is ${after}`);
  const locks = step.locks.map(({ lock, taken }) => `${taken ? 'takes' : 'frees'} ${lock}`);
  const waits = step.waits.map(({ thread, for: what, holder }) => (holder === null ? `${thread} sleeps at ${what}` : `${thread} now waits for ${what}, which ${holder} holds`));
  const wakes = step.wakes.map((thread) => `${thread} can go on`);
  const rest = [...cells, ...registers, ...locks, ...waits, ...wakes];
  return `Step ${index + 1}, ${step.thread}: ${line}${step.instruction}${rest.length > 0 ? `; ${rest.join('; ')}` : ''}.`;
}

/** One event of a threads trace as a sentence without its time. */
export function describeThreads({ kind, entity, value, detail = {} }: TraceEvent): string {
  const name = entity.slice(entity.indexOf(':') + 1);
  switch (kind) {
    case THREADS_KIND.run:
      return `An order begins: ${String(detail.schedule)}`;
    case THREADS_KIND.step:
      return `${name}: ${String(detail.instruction)}`;
    case THREADS_KIND.register:
      return `${name}'s ${String(detail.register)} is ${value}`;
    case THREADS_KIND.memory:
      return detail.thread === undefined ? `${name} is ${value} at first` : `${String(detail.thread)} writes ${name}: ${String(detail.before)} → ${value}`;
    case THREADS_KIND.lock:
      return `${String(detail.thread)} ${value === 1 ? 'takes' : 'frees'} ${name}`;
    case THREADS_KIND.wait:
      return typeof detail.holder === 'string' ? `${name} waits for ${String(detail.lock)}, which ${detail.holder} holds` : `${name} sleeps at ${String(detail.lock)}`;
    case THREADS_KIND.wake:
      return `${name} can go on`;
    case THREADS_KIND.finish:
      return `${name} has come to its end`;
    case THREADS_KIND.deadlock:
      return 'Nobody can go on: a deadlock';
    default:
      return 'This order is over';
  }
}
