import type { Failure, FailureKind } from '../../shared/report.ts';
import type { Place } from '../../shared/rpc.ts';
import type { LearnerFile } from '../learnerFile.ts';
import type { BrokenInterleaving, StepRecord } from './messages.ts';

type Broken = BrokenInterleaving;

/** A schedule is cut off after so many steps. */
const LONGEST = 40;

/** Ways to break where nobody can go on. */
export const STUCK: ReadonlySet<Broken['kind']> = new Set(['deadlock', 'lost-wake-up', 'never-woken', 'stranded'] as const);
const HUNG: ReadonlySet<Broken['kind']> = new Set([...STUCK, 'endless', 'hung'] as const);

/** What is said of an interleaving that broke, with its schedule: it can be followed step by step. */
export function sentence(broken: Broken, file: LearnerFile): string {
  const by = broken.threads[broken.by] ?? '';
  const other = broken.threads[broken.other] ?? '';
  const order = `in the order ${schedule(broken)}`;
  switch (broken.kind) {
    case 'overlap':
      return `${by} got in while ${other} was still inside, ${order}.`;
    case 'overtaken':
      return `${by} called lock() when ${other} was already asleep in it, and yet got in before ${other}, ${order}.`;
    case 'deadlock':
    case 'lost-wake-up':
    case 'never-woken':
    case 'stranded':
      return `Nobody can go on after ${broken.steps.length} steps ${order}: ${stuckWords(broken)}.`;
    case 'busy':
      return `${by} goes round and round and reads what does not change, where it should sleep, ${order}.`;
    case 'endless':
      return `The threads step and step and come to no end, ${order}.`;
    case 'hung':
      return `A thread is busy${inside(broken.place)} and comes neither to its next step nor to its end, ${order}.`;
    case 'threw':
      return `Your code threw in ${by}: ${file.readable(broken.message)}, ${order}.`;
    case 'failed':
    case 'wrong-end':
      return `${broken.message.replace(/\.$/, '')}, ${order}.`;
  }
}

export function failureKind({ kind }: Broken): FailureKind {
  if (kind === 'threw') return 'crashed';
  return HUNG.has(kind) ? 'hung' : 'wrong-answer';
}

/** Where it went wrong: what a thread is stuck in, or the learner's line that ran last. */
export function whereOf(broken: Broken, file: LearnerFile): Place | undefined {
  const { steps, stands, waiting, by } = broken;
  if (broken.place) return broken.place;
  const thrown = file.placeIn(broken.stack);
  if (thrown) return thrown;
  const stuck = STUCK.has(broken.kind) ? waiting[0] : undefined;
  const before = stands.findLast(({ thread, lock }) => thread === stuck?.thread && lock === stuck.for);
  const standing = before && file.placeIn(before.stack);
  if (standing) return standing;
  const own = steps.filter((step) => file.placeIn(step.stack));
  const whose = stuck?.thread ?? (broken.kind === 'wrong-end' ? undefined : by);
  const last = own.findLast(({ thread }) => thread === whose) ?? own.at(-1);
  return last && file.placeIn(last.stack);
}

/** Each step that is in the learner's file, with its line. */
export function related(broken: Broken, file: LearnerFile): NonNullable<Failure['related']> {
  return broken.steps.flatMap((step) => {
    const place = file.placeIn(step.stack);
    return place ? [{ location: file.locationOf(place), message: stepText(step, broken.threads) }] : [];
  });
}

function stepText(step: StepRecord, threads: readonly string[]): string {
  const change = step.before !== step.after && step.cell !== null ? `, ${step.cell}: ${step.before ?? ''} → ${step.after ?? ''}` : '';
  const woke = step.woke?.length ? `, wakes ${step.woke.map((thread) => threads[thread] ?? '').join(', ')}` : '';
  return `${step.order + 1}. ${threads[step.thread] ?? ''}: ${step.text}${change}${woke}`;
}

/** `AABBA` where names are letters. */
function schedule({ schedule: steps, threads }: Broken): string {
  const names = steps.slice(0, LONGEST).map((thread) => threads[thread] ?? '');
  return `${names.join(names.every((name) => name.length === 1) ? '' : ' ')}${steps.length > LONGEST ? '…' : ''}`;
}

/** Who waits for what: sleepers at one cell together. */
function stuckWords({ waiting, threads }: Broken): string {
  const name = (thread: number): string => threads[thread] ?? '';
  const cells = new Set(waiting.filter(({ holder }) => holder === null).map((one) => one.for));
  const asleep = [...cells].map((cell) => {
    const who = waiting.filter((one) => one.for === cell).map(({ thread }) => name(thread));
    return `${who.join(' and ')} ${who.length === 1 ? 'sleeps' : 'sleep'} at ${cell} and nobody is left to wake ${who.length === 1 ? 'it' : 'them'}`;
  });
  const before = waiting.flatMap(({ thread, for: lock, holder }) => (holder === null ? [] : [`${name(thread)} waits for ${lock}, which ${holder === thread ? 'it holds itself' : `${name(holder)} holds`}`]));
  return [...asleep, ...before].join(', ');
}

function inside(place: Place | null): string {
  if (!place) return '';
  return ` at line ${place.line + 1}${place.functionName ? `, in ${place.functionName}(),` : ''}`;
}
