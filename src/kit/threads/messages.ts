import type { EndKind } from './control.ts';

/** What a thread of a crew is told when it is started. */
export interface ThreadData {
  readonly role: 'thread';
  readonly me: number;
  readonly control: SharedArrayBuffer;
  readonly memory: Readonly<Record<string, SharedArrayBuffer>>;
  /** URLs of the modules: the learner's, where there is one, and the one with the programs. */
  readonly learner: string | null;
  readonly programs: string;
  readonly program: string;
  /** Null where each access is a step that is waited for; else how often the program runs, freely. */
  readonly freeRounds: number | null;
}

/** One step of an interleaving, as the thread that took it tells it. */
export interface StepRecord {
  /** Its place among all steps, from 0. */
  readonly order: number;
  readonly thread: number;
  /** As the learner might have written it, with its result: `Atomics.add(count, 0, 1) → 4`. */
  readonly text: string;
  /** The cell that was accessed, `count[0]`; null where none was. */
  readonly cell: string | null;
  readonly before: number | null;
  readonly after: number | null;
  readonly took?: string;
  readonly freed?: string;
  /** The cell it now sleeps at. */
  readonly sleeps?: string;
  readonly woke?: readonly number[];
  readonly stack: string;
}

/** A thread has come to a lock, and takes it by its next step, when it is free. */
export interface StandRecord {
  /** How many steps there were before. */
  readonly order: number;
  readonly thread: number;
  readonly lock: string;
  readonly stack: string;
}

export type FromThread =
  | { readonly type: 'ready' }
  | { readonly type: 'stands'; readonly record: StandRecord }
  /** It cannot do its part: its module does not load, or has not what is called. */
  | { readonly type: 'unusable'; readonly message: string; readonly stack: string }
  | { readonly type: 'step'; readonly record: StepRecord }
  /** What the learner's code threw, or what a program's `fail` said. */
  | { readonly type: 'failed'; readonly message: string; readonly hint: string | null; readonly stack: string }
  /** A free run is over for this thread. */
  | { readonly type: 'done' };

/** Why no interleaving could be run at all. */
export interface Unusable {
  readonly kind: 'unusable' | 'hung' | 'unfit-machine';
  readonly message: string;
  readonly stack: string;
  readonly place: { readonly line: number; readonly column: number; readonly functionName: string } | null;
}

/** An interleaving that came to a bad end. */
export interface BrokenInterleaving {
  /**
   * `never-woken`: nobody ever notifies at a sleeper's cell. `lost-wake-up`: somebody did, after the sleeper had last looked and before it
   * slept. `stranded`: its wake-up reached another, or it slept when all was over. `deadlock`: nobody sleeps, but each waits for a lock.
   */
  readonly kind: Exclude<EndKind, 'finished'> | 'never-woken' | 'lost-wake-up' | 'stranded' | 'wrong-end' | 'hung';
  readonly threads: readonly string[];
  /** Thread by thread, by their places. */
  readonly schedule: readonly number[];
  readonly preemptions: number;
  readonly steps: readonly StepRecord[];
  readonly by: number;
  readonly other: number;
  /** Per thread that cannot go on, what it waits for; for a lock also its holder. */
  readonly waiting: readonly { readonly thread: number; readonly for: string; readonly holder: number | null }[];
  readonly stands: readonly StandRecord[];
  readonly initial: Readonly<Record<string, number>>;
  /** What was thrown, or what the program said. */
  readonly message: string;
  readonly hint: string | null;
  readonly stack: string;
  readonly place: Unusable['place'];
}

/** What an exploration came to. */
export interface Explored {
  readonly interleavings: number;
  /** Whether all were run that the bounds let through. */
  readonly complete: boolean;
  readonly broken: BrokenInterleaving | null;
  readonly unusable: Unusable | null;
  /** Where asked for, in the order in which they were found. */
  readonly outcomes: readonly Outcome[];
}

/** What interleavings left in memory. */
export interface Outcome {
  readonly memory: Readonly<Record<string, number>>;
  readonly interleavings: number;
  /** The first of those with the fewest switches from one thread to another. */
  readonly schedule: readonly number[];
  readonly switches: number;
  /** Whether threads that ran one after another came to it too. */
  readonly serial: boolean;
}

export interface ExplorePlan {
  readonly program: string;
  /** Interleavings that take the turn from a thread that could go on more often than this are left out; null leaves out none. */
  readonly preemptions: number | null;
  /** So many interleavings at most. */
  readonly limit: number;
  readonly fair: boolean;
  readonly mustSleep: boolean;
}

export interface FreePlan {
  readonly program: string;
  /** How often each thread does its part. */
  readonly rounds: number;
  readonly timeoutMs: number;
}

/** What a free run came to. */
export interface FreeRun {
  /** False where the threads had come to no end in time. */
  readonly ended: boolean;
  readonly durationMs: number;
  readonly failure: { readonly message: string; readonly hint: string | null; readonly stack: string } | null;
  readonly unusable: Unusable | null;
  /** What memory held at the end. */
  readonly memory: Readonly<Record<string, readonly number[]>>;
  /** Where a thread was busy that came to no end. */
  readonly place: Unusable['place'];
}
