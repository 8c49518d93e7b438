import { Type, type Static } from '@sinclair/typebox';
import { HumanError } from '../errors.ts';
import { validated } from '../validate.ts';
import { annotations } from './annotations.ts';
import { parseInstruction, type Instruction } from './threadProgram.ts';

const MAX_THREADS = 8;
const MAX_INSTRUCTIONS = 1000;
const MAX_CELLS = 64;

const word = Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER });

/** A scenario of kind `threads`: small programs over shared memory, every interleaving of which is explored. */
export const threadsScenarioSchema = Type.Object(
  {
    ...annotations,
    kind: Type.Literal('threads'),
    memory: Type.Optional(Type.Record(Type.String(), word)),
    threads: Type.Record(Type.String(), Type.Array(Type.String(), { maxItems: MAX_INSTRUCTIONS })),
  },
  { additionalProperties: false },
);

export type ThreadsScenario = Static<typeof threadsScenarioSchema>;

/** How many orders there are: a string above 2^53 − 1, null where any thread jumps. */
export type InterleavingCount = number | string | null;

export type ThreadsMemory = Readonly<Record<string, number>>;

/** What `simulate` prints for kind `threads`. */
export interface ThreadsOutput {
  readonly interleavings: InterleavingCount;
  /** Distinct program counters, registers, memory and locks that can be reached; above 30000, registers that no step will read again are left out. */
  readonly states: number;
  /** Memory after all threads have ended, in order of its values. */
  readonly outcomes: readonly { readonly memory: ThreadsMemory; readonly interleavings: InterleavingCount; readonly witness: readonly string[] }[];
  readonly deadlocks: {
    readonly interleavings: InterleavingCount;
    readonly witness: readonly string[] | null;
    /** After that witness: each thread that waits, and who holds the lock it waits for. */
    readonly waiting: Readonly<Record<string, string>>;
  };
  /** Cells with a data race, as memory lists them. */
  readonly races: readonly string[];
}

/**
 * Checks a scenario of kind `threads`.
 * @throws HumanError with one sentence that names the field and what it may be.
 */
export function parseThreadsScenario(value: unknown): ThreadsScenario {
  const scenario = validated(threadsScenarioSchema, value, 'this threads scenario');
  const threads = Object.keys(scenario.threads).length;
  if (threads < 1 || threads > MAX_THREADS) {
    throw new HumanError(`In this threads scenario, "threads" must have from 1 to ${MAX_THREADS} threads (found ${threads}).`);
  }
  const cells = Object.keys(scenario.memory ?? {});
  if (cells.length > MAX_CELLS) throw new HumanError(`In this threads scenario, "memory" must have at most ${MAX_CELLS} cells (found ${cells.length}).`);
  for (const name of Object.keys(scenario.threads)) instructionsOf(scenario, name);
  return scenario;
}

/**
 * The instructions of one thread, labels included.
 * @throws HumanError where one is wrong, a label is missing or stands twice.
 */
export function instructionsOf(scenario: ThreadsScenario, thread: string): Instruction[] {
  const cells = new Set(Object.keys(scenario.memory ?? {}));
  const field = (i: number): string => `threads.${thread}.${i}`;
  const instructions = (scenario.threads[thread] ?? []).map((text, i) => parseInstruction(text, field(i), cells));
  const labels = new Set<string>();
  for (const [i, each] of instructions.entries()) {
    if (each.op !== 'label') continue;
    if (labels.has(each.label)) throw new HumanError(`In this threads scenario, "${field(i)}" must not be a second "label ${each.label}" of one thread.`);
    labels.add(each.label);
  }
  for (const [i, each] of instructions.entries()) {
    if ('label' in each && !labels.has(each.label)) {
      throw new HumanError(`In this threads scenario, "${field(i)}" must jump to a label of its own thread, but "label ${each.label}" is missing.`);
    }
  }
  return instructions;
}
