import * as at from './control.ts';
import { Crew, CrewUnusable, type CrewPlan } from './crew.ts';
import type { ThreadProgram } from './definition.ts';
import { contentsOf } from './contents.ts';
import type { BrokenInterleaving, Explored, ExplorePlan, StepRecord, Unusable } from './messages.ts';
import { OutcomeTally } from './outcomeTally.ts';
import { Schedules } from './schedules.ts';
import { stuckKind } from './stuckKind.ts';

/** How long what the threads have said may take to be heard. */
const HEAR_MS = 2000;

/** So often a thread may be kept from its next step by other work on this machine. */
const MOST_HELD_UP = 5;

const TOO_BUSY: Unusable = { kind: 'unfit-machine', message: 'This machine is too busy to step threads one at a time: they were held up again and again. Grade again when less is running.', stack: '', place: null };

const DEPENDS = 'Run once more in the same order, your code did something else: it must depend on shared memory alone, not on time, chance, or what an earlier call left in variables of its own';

/** Everything that one exploration goes by. */
export interface Exploration {
  readonly program: ThreadProgram<never>;
  readonly plan: ExplorePlan;
  readonly crew: Omit<CrewPlan, 'program' | 'freeRounds'>;
  /** Whether to tell of what each interleaving left in memory. */
  readonly outcomes: boolean;
}

/**
 * Runs a program in one interleaving after another until one comes to a bad end. Those with fewer preemptions come first, so
 * that what is found has as few as can be; it is then run once more by its schedule, this time recorded.
 */
export async function explore(exploration: Exploration): Promise<Explored> {
  const { plan, outcomes: wanted } = exploration;
  const tally = new OutcomeTally();
  let interleavings = 0;
  let heldUp = 0;
  let crew: Crew | null = null;
  try {
    crew = await startCrew(exploration);
    const bounds = plan.preemptions === null ? [null] : Array.from({ length: plan.preemptions + 1 }, (_, bound) => bound);
    for (const bound of bounds) {
      const schedules = new Schedules(bound);
      for (let given: readonly number[] | null = []; given; ) {
        if (interleavings === plan.limit) return { interleavings, complete: false, broken: null, unusable: null, outcomes: tally.outcomes };
        crew.reset(given, flags(plan));
        const end = await crew.interleave();
        interleavings++;
        const wrong = end === 'finished' ? exploration.program.end?.(crew.memory, 1) : null;
        if (wanted && end === 'finished') tally.add(crew);
        if (end === 'finished' && !wrong) {
          given = schedules.next(crew.control);
          continue;
        }
        const found = await replayed(crew, exploration);
        if (found !== 'held up') return { interleavings, complete: false, broken: found, unusable: null, outcomes: tally.outcomes };
        if (++heldUp > MOST_HELD_UP) throw new CrewUnusable(TOO_BUSY);
        crew = await startCrew(exploration);
      }
    }
    return { interleavings, complete: true, broken: null, unusable: null, outcomes: tally.outcomes };
  } catch (error) {
    if (!(error instanceof CrewUnusable)) throw error;
    return { interleavings, complete: false, broken: null, unusable: error.unusable, outcomes: tally.outcomes };
  } finally {
    await crew?.stop();
  }
}

function startCrew({ program, plan, crew }: Exploration): Promise<Crew> {
  return Crew.start(program, { ...crew, program: plan.program, freeRounds: null });
}

function flags({ fair, mustSleep }: ExplorePlan): Record<number, number> {
  return { [at.FAIR]: fair ? 1 : 0, [at.MUST_SLEEP]: mustSleep ? 1 : 0 };
}

/**
 * The interleaving that `crew` has just been through, with a new crew, told step by step. `held up` where a thread did not come to its
 * next step in time, and now does: that was this machine, and not the program.
 */
async function replayed(crew: Crew, exploration: Exploration): Promise<BrokenInterleaving | 'held up'> {
  const hung = crew.control[at.END] === 0;
  const schedule = [...decisions(crew.control).choices];
  // The threads of the first are in the middle of something.
  await crew.stop();
  const again = await startCrew(exploration);
  try {
    again.reset(schedule, { ...flags(exploration.plan), [at.RECORDING]: 1 });
    const end = await again.interleave();
    const place = end === null ? await again.whereIsAnybody() : null;
    const told = (): boolean => again.records.length === again.control[at.RECORDS] && ((end !== 'threw' && end !== 'failed') || again.failure !== null);
    await again.until(told, HEAR_MS);
    const found = broken(again, end, place, exploration.program);
    if (found.kind !== 'wrong-end' || found.message !== '') return found;
    return hung ? 'held up' : { ...found, kind: 'failed', message: DEPENDS };
  } finally {
    await again.stop();
  }
}

/** One interleaving by its schedule, step by step. */
export async function recorded(exploration: Exploration, schedule: readonly number[]): Promise<readonly StepRecord[]> {
  const crew = await startCrew(exploration);
  try {
    crew.reset(schedule, { ...flags(exploration.plan), [at.RECORDING]: 1 });
    await crew.interleave();
    await crew.until(() => crew.records.length === crew.control[at.RECORDS], HEAR_MS);
    return crew.records.toSorted((a, b) => a.order - b.order);
  } finally {
    await crew.stop();
  }
}

function broken(crew: Crew, end: (typeof at.ENDS)[number] | null, place: BrokenInterleaving['place'], program: ThreadProgram<never>): BrokenInterleaving {
  const { control, names, memory, failure } = crew;
  const wrong = end === 'finished' ? program.end?.(memory, 1) : null;
  const steps = crew.records.toSorted((a, b) => a.order - b.order);
  const { preemptions } = decisions(control);
  return {
    kind: end === null ? 'hung' : end === 'finished' || end === '' ? 'wrong-end' : end === 'deadlock' ? stuckKind(steps) : end,
    threads: names,
    schedule: steps.map(({ thread }) => thread),
    preemptions,
    steps,
    by: control[at.ENDED_BY] as number,
    other: control[at.ENDED_WITH] as number,
    waiting: names.flatMap((_, thread) => waiting(crew, thread)),
    stands: crew.stands,
    initial: contentsOf(program.memory),
    message: wrong?.message ?? failure?.message ?? '',
    hint: wrong?.hint ?? failure?.hint ?? null,
    stack: failure?.stack ?? '',
    place,
  };
}

function waiting({ control, records }: Crew, thread: number): BrokenInterleaving['waiting'] {
  const status = control[at.STATUS_OF + thread];
  if (status === at.STATUS.asleep) {
    const asleep = records.filter((record) => record.thread === thread && record.sleeps !== undefined).toSorted((a, b) => b.order - a.order)[0];
    return [{ thread, for: asleep?.sleeps ?? '', holder: null }];
  }
  if (status !== at.STATUS.locked) return [];
  const lock = control[at.WAITS_FOR + thread] as number;
  return [{ thread, for: `lock ${lock}`, holder: (control[at.OWNER + lock] as number) - 1 }];
}

/** What was decided in the interleaving that has just ended. */
function decisions(control: Int32Array): { choices: Int32Array; preemptions: number } {
  const made = control[at.DECISIONS] as number;
  let preemptions = 0;
  for (let i = 0; i < made; i++) {
    const previous = control[at.PREVIOUS + i] as number;
    if (previous >= 0 && control[at.CHOICE + i] !== previous) preemptions++;
  }
  return { choices: control.subarray(at.CHOICE, at.CHOICE + made), preemptions };
}
