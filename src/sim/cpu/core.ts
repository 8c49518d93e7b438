import type { SimThread } from './thread.ts';

/** A core as the scheduler sees it. All times in ticks. */
export interface Core {
  readonly number: number;
  thread: SimThread | undefined;
  /** When the switch to its thread is or was done, and the run begins. */
  switchedAt: number;
  /** How far that run is charged: not before it begins. */
  chargedTo: number;
  /** When that run ends, by its burst or its slice, if nobody preempts it. */
  endsAt: number;
  /** The thread that it ran last; one that lost the core while it was being switched in has not run. */
  ranLast: SimThread | undefined;
  busy: number;
  switches: number;
}

export function coresFor(count: number): Core[] {
  return Array.from({ length: count }, (_, number) => ({
    number,
    thread: undefined,
    switchedAt: 0,
    chargedTo: 0,
    endsAt: Infinity,
    ranLast: undefined,
    busy: 0,
    switches: 0,
  }));
}
