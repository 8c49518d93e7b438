import type { Trace } from '../../shared/trace.ts';
import { CheckFailure } from '../checkFailure.ts';
import type { LearnerFile } from '../learnerFile.ts';
import type { ProgramProcess } from '../programProcess.ts';
import type { BrokenInterleaving, Explored, ExplorePlan, FreePlan, FreeRun, Unusable } from './messages.ts';
import { interleavingTrace } from './interleavingTrace.ts';
import { failureKind, related, sentence, whereOf } from './sentences.ts';

/** How an interleaving may break: what a check has a hint for. */
export type Breakage = BrokenInterleaving['kind'];

export interface ExploreOptions {
  /** Which of the programs of `threads.ts`. */
  readonly program: string;
  /** How often the turn may be taken from a thread that could go on; 2 unless given, null for any number. */
  readonly preemptions?: number | null;
  /** So many interleavings at most; 20,000 unless given. */
  readonly limit?: number;
  /** Fails where a thread that slept after `come()` is overtaken by one that came later. */
  readonly fair?: boolean;
  /** Fails where a thread goes round and round instead of sleeping. */
  readonly mustSleep?: boolean;
  /** The hint for each way to break, by its id in exercise.json. */
  readonly hints?: Partial<Readonly<Record<Breakage, string>>>;
}

export interface FreeOptions {
  readonly program: string;
  readonly rounds: number;
  /** The hint where something breaks, by its id in exercise.json; a program's own goes before it. */
  readonly hint: string;
  readonly timeoutMs?: number;
}

const LIMIT = 20_000;
const FREE_MS = 5000;

/** Explores, and throws what a broken interleaving comes to; `show` is given its trace. */
export async function exploreThreads(process: ProgramProcess, file: LearnerFile, options: ExploreOptions, show: (trace: Trace) => void): Promise<{ interleavings: number }> {
  const { program, preemptions = 2, limit = LIMIT, fair = false, mustSleep = false, hints = {} } = options;
  const plan: ExplorePlan = { program, preemptions, limit, fair, mustSleep };
  const { interleavings, broken, unusable } = (await process.call('explore', plan)).result as Explored;
  if (unusable) throw unusableFailure(unusable, file);
  if (!broken) return { interleavings };
  show(interleavingTrace(broken, file));
  const place = whereOf(broken, file);
  const hint = broken.hint ?? hints[broken.kind];
  throw new CheckFailure({
    kind: failureKind(broken),
    message: sentence(broken, file),
    related: related(broken, file),
    ...(place && { location: file.locationOf(place) }),
    ...(hint !== undefined && { hint }),
    ...(broken.stack !== '' && broken.kind === 'threw' && { stack: file.ownStack(broken.stack) }),
  });
}

/** Runs threads freely, and throws what goes wrong. */
export async function runThreadsFreely(process: ProgramProcess, file: LearnerFile, { program, rounds, hint, timeoutMs = FREE_MS }: FreeOptions): Promise<{ durationMs: number }> {
  const plan: FreePlan = { program, rounds, timeoutMs };
  const { ended, durationMs, failure, unusable, place } = (await process.call('run-freely', plan)).result as FreeRun;
  if (unusable) throw unusableFailure(unusable, file);
  if (failure) {
    const own = file.placeIn(failure.stack);
    throw new CheckFailure({ kind: 'wrong-answer', message: failure.message, hint: failure.hint ?? hint, ...(own && { location: file.locationOf(own) }) });
  }
  if (!ended) {
    const where = place ? ` One goes round at line ${place.line + 1}.` : ' They sleep.';
    throw new CheckFailure({ kind: 'hung', message: `The threads had come to no end after ${timeoutMs / 1000} s.${where}`, hint, ...(place && { location: file.locationOf(place) }) });
  }
  return { durationMs };
}

function unusableFailure({ kind, message, stack, place }: Unusable, file: LearnerFile): CheckFailure {
  const own = place ?? file.placeIn(stack);
  const failure = { kind: kind === 'unusable' ? ('crashed' as const) : kind, message: file.readable(message), ...(own && { location: file.locationOf(own) }) };
  return new CheckFailure({ ...failure, ...(stack !== '' && { stack: file.ownStack(stack) }) }, { final: true });
}
