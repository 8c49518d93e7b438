import type { Instruction, Operand } from '../../shared/scenario/threadProgram.ts';
import { instructionsOf, type ThreadsScenario } from '../../shared/scenario/threads.ts';

/** A register of the own thread, or, where `register` is -1, a constant. */
export interface Source {
  readonly register: number;
  readonly constant: number;
}

/** One step of a thread with names resolved to indices; `line` is its place among the scenario's instructions. */
export type Step = { readonly line: number } & (
  | { readonly op: 'load'; readonly register: number; readonly cell: number }
  | { readonly op: 'store'; readonly cell: number; readonly value: Source }
  | { readonly op: 'add'; readonly register: number; readonly value: Source }
  | { readonly op: 'set'; readonly register: number; readonly value: number }
  | { readonly op: 'fetch-add'; readonly cell: number; readonly value: number }
  | { readonly op: 'cas'; readonly cell: number; readonly expected: Source; readonly value: Source; readonly register: number }
  | { readonly op: 'lock' | 'unlock'; readonly lock: number }
  | { readonly op: 'jump'; readonly target: number }
  | { readonly op: 'jump-if-zero' | 'jump-if-positive'; readonly register: number; readonly target: number }
);

export interface ThreadCode {
  readonly name: string;
  readonly registers: readonly string[];
  readonly steps: readonly Step[];
}

/** A scenario's programs over indexed memory and locks. */
export interface Program {
  readonly threads: readonly ThreadCode[];
  readonly cells: readonly string[];
  readonly initial: readonly number[];
  readonly locks: readonly string[];
  readonly jumps: boolean;
}

/** Resolves the names of a checked scenario. */
export function compile(scenario: ThreadsScenario): Program {
  const memory = scenario.memory ?? {};
  const cells = new Names(Object.keys(memory));
  const locks = new Names([]);
  const threads = Object.keys(scenario.threads).map((name) => compileThread(name, instructionsOf(scenario, name), cells, locks));
  const jumps = threads.some((thread) => thread.steps.some((step) => step.op.startsWith('jump')));
  return { threads, cells: cells.list, initial: Object.values(memory), locks: locks.list, jumps };
}

function compileThread(name: string, instructions: readonly Instruction[], cells: Names, locks: Names): ThreadCode {
  const registers = new Names([]);
  const labels = new Map<string, number>();
  let position = 0;
  for (const each of instructions) {
    if (each.op === 'label') labels.set(each.label, position);
    else position++;
  }
  const target = (label: string): number => labels.get(label) as number;
  const source = (operand: Operand): Source =>
    typeof operand === 'number' ? { register: -1, constant: operand } : { register: registers.of(operand), constant: 0 };
  const steps = instructions.flatMap((each, line): Step[] => {
    switch (each.op) {
      case 'load':
        return [{ line, op: each.op, register: registers.of(each.register), cell: cells.of(each.cell) }];
      case 'store':
        return [{ line, op: each.op, cell: cells.of(each.cell), value: source(each.value) }];
      case 'add':
        return [{ line, op: each.op, register: registers.of(each.register), value: source(each.value) }];
      case 'set':
        return [{ line, op: each.op, register: registers.of(each.register), value: each.value }];
      case 'fetch-add':
        return [{ line, op: each.op, cell: cells.of(each.cell), value: each.value }];
      case 'cas': {
        const [expected, value] = [source(each.expected), source(each.value)];
        return [{ line, op: each.op, cell: cells.of(each.cell), expected, value, register: registers.of(each.register) }];
      }
      case 'lock':
      case 'unlock':
        return [{ line, op: each.op, lock: locks.of(each.lock) }];
      case 'jump':
        return [{ line, op: each.op, target: target(each.label) }];
      case 'jump-if-zero':
      case 'jump-if-positive':
        return [{ line, op: each.op, register: registers.of(each.register), target: target(each.label) }];
      case 'label':
        return [];
    }
  });
  return { name, registers: registers.list, steps };
}

/** Gives names indices in the order in which they are first seen. */
class Names {
  readonly list: string[];
  private readonly index: Map<string, number>;

  constructor(names: readonly string[]) {
    this.list = [...names];
    this.index = new Map(names.map((name, i) => [name, i]));
  }

  of(name: string): number {
    const known = this.index.get(name);
    if (known !== undefined) return known;
    this.index.set(name, this.list.length);
    return this.list.push(name) - 1;
  }
}
