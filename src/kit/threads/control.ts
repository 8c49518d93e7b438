/**
 * What the threads of an exploration share besides the program's own memory: one Int32Array. Only the thread that has the
 * turn reads and writes it; handing the turn over by an atomic store and a wake-up orders what the next one reads behind it.
 */

export const MAX_THREADS = 8;
/** An interleaving longer than this has no end. */
export const MAX_STEPS = 4000;
const MAX_LOCKS = 16;

/** Per thread, its gate: it sleeps while 0. */
export const GATE = 0;
/** Per thread, one of STATUS. */
export const STATUS_OF = 8;
/** Per thread that waits, what for: the key of a cell, or a lock. */
export const WAITS_FOR = 16;
/** Per thread that sleeps, when it fell asleep: the first is woken first. */
export const ASLEEP_SINCE = 24;
/** Per thread, how many steps it has done since memory last changed, and what CHANGES was then. */
export const IDLE = 32;
export const SEEN_CHANGES = 40;
/** Per thread, when it came to ask for entrance and when it first slept for it; 0 where it did not. */
export const CAME = 48;
export const SLEPT = 56;
/** Per lock of the kit's, its owner plus 1. */
export const OWNER = 64;

export const END = 80;
export const ENDED_BY = 81;
/** The other thread of an overlap or an overtaking. */
export const ENDED_WITH = 82;
export const THREADS = 83;
/** 1 until each thread has come to its first step. */
export const STARTING = 84;
/** Decisions made so far; each but the last is followed by a step. */
export const DECISIONS = 85;
/** How many decisions are given. */
export const GIVEN = 86;
/** Counts whatever needs an order. */
export const CLOCK = 87;
export const CHANGES = 88;
/** Who is inside the exclusive region, by bits. */
export const INSIDE = 89;
export const RECORDING = 90;
export const RECORDS = 91;
/** 1 where who sleeps for entrance may not be overtaken by who comes later. */
export const FAIR = 92;
/** 1 where who cannot go on has to sleep. */
export const MUST_SLEEP = 93;

/** Per decision: what is given, what was chosen, who could have been, and who would have gone on without a preemption (-1: nobody). */
export const GIVEN_CHOICE = 96;
export const CHOICE = GIVEN_CHOICE + MAX_STEPS;
export const ENABLED = CHOICE + MAX_STEPS;
export const PREVIOUS = ENABLED + MAX_STEPS;

export const CONTROL_CELLS = PREVIOUS + MAX_STEPS;

export const STATUS = { ready: 0, asleep: 1, locked: 2, finished: 3 } as const;

/** Why an interleaving came to its end; 0 while it runs. */
export const ENDS = ['', 'finished', 'deadlock', 'overlap', 'overtaken', 'busy', 'endless', 'failed', 'threw'] as const;
export type EndKind = Exclude<(typeof ENDS)[number], ''>;

/** Throws a RangeError where there is no such lock. */
export function mustBeLock(lock: number): void {
  if (!Number.isInteger(lock) || lock < 0 || lock >= MAX_LOCKS) throw new RangeError(`There is no lock ${lock}: they go from 0 to ${MAX_LOCKS - 1}.`);
}
