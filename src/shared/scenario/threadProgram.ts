import { HumanError } from '../errors.ts';

/** A register's name, or a number. */
export type Operand = string | number;

/** One instruction of a thread; `label` is no step, all others are one. */
export type Instruction =
  | { readonly op: 'load'; readonly register: string; readonly cell: string }
  | { readonly op: 'store'; readonly cell: string; readonly value: Operand }
  | { readonly op: 'set'; readonly register: string; readonly value: number }
  | { readonly op: 'add'; readonly register: string; readonly value: Operand }
  | { readonly op: 'fetch-add'; readonly cell: string; readonly value: number }
  | { readonly op: 'cas'; readonly cell: string; readonly expected: Operand; readonly value: Operand; readonly register: string }
  | { readonly op: 'lock' | 'unlock'; readonly lock: string }
  | { readonly op: 'label' | 'jump'; readonly label: string }
  | { readonly op: 'jump-if-zero' | 'jump-if-positive'; readonly register: string; readonly label: string };

/** How each instruction is written; a sentence about a wrong one quotes it. */
const FORMS = {
  load: 'load REG CELL',
  store: 'store CELL REG|N',
  set: 'set REG N',
  add: 'add REG REG|N',
  'fetch-add': 'fetch-add CELL N',
  cas: 'cas CELL REG|N REG|N REG',
  lock: 'lock M',
  unlock: 'unlock M',
  label: 'label L',
  jump: 'jump L',
  'jump-if-zero': 'jump-if-zero REG L',
  'jump-if-positive': 'jump-if-positive REG L',
} as const;

const NUMBER = /^[+-]?\d+$/;
const NAME = /^[\p{L}_][^\s]*$/u;

/**
 * Reads one instruction; `field` is where it stands, `cells` the names of the memory.
 * @throws HumanError where there is no such instruction, an operand is of another sort, or the cell is not in memory.
 */
export function parseInstruction(text: string, field: string, cells: ReadonlySet<string>): Instruction {
  const [op = '', ...operands] = text.trim().split(/\s+/);
  if (!Object.hasOwn(FORMS, op)) {
    throw new HumanError(`In this threads scenario, "${field}" must be one of ${Object.keys(FORMS).join(', ')} with its operands (found "${text}").`);
  }
  const form = FORMS[op as keyof typeof FORMS];
  const sorts = form.split(' ').slice(1);
  const fail = (why: string): never => {
    throw new HumanError(`In this threads scenario, "${field}" must be written as ${form}, ${why} (found "${text}").`);
  };
  if (operands.length !== sorts.length) fail(`with ${sorts.length} operand${sorts.length === 1 ? '' : 's'}`);
  const values = sorts.map((sort, i) => {
    const operand = operands[i] as string;
    if (NUMBER.test(operand) && sort.endsWith('N')) {
      const value = Number(operand);
      return Number.isSafeInteger(value) ? value : fail('with numbers from -9007199254740991 to 9007199254740991');
    }
    if (sort === 'N') return fail('where N is a whole number');
    if (!NAME.test(operand)) return fail(`where ${sort.split('|')[0] as string} is a name that begins with a letter`);
    if (sort === 'CELL' && !cells.has(operand)) return fail(`where CELL is one of those in "memory"${cells.size > 0 ? `: ${[...cells].join(', ')}` : ', which has none'}`);
    return operand;
  });
  return instruction(op as keyof typeof FORMS, values);
}

/** `values` are as FORMS has them. */
function instruction(op: keyof typeof FORMS, values: readonly Operand[]): Instruction {
  const [a, b, c, d] = values as [string, Operand, Operand, string];
  switch (op) {
    case 'load':
      return { op, register: a, cell: b as string };
    case 'store':
      return { op, cell: a, value: b };
    case 'set':
      return { op, register: a, value: b as number };
    case 'add':
      return { op, register: a, value: b };
    case 'fetch-add':
      return { op, cell: a, value: b as number };
    case 'cas':
      return { op, cell: a, expected: b, value: c, register: d };
    case 'lock':
    case 'unlock':
      return { op, lock: a };
    case 'label':
    case 'jump':
      return { op, label: a };
    case 'jump-if-zero':
    case 'jump-if-positive':
      return { op, register: a, label: b as string };
  }
}
