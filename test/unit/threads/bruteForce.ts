import type { ThreadsMemory, ThreadsScenario } from '../../../src/shared/scenario/threads.ts';

interface State {
  readonly at: number[];
  readonly registers: Record<string, number>[];
  readonly memory: Record<string, number>;
  /** -1 for nobody. */
  readonly owner: Record<string, number>;
}

/** One maximal order of steps and where it ends. */
export interface Order {
  readonly steps: readonly number[];
  readonly switches: number;
  readonly deadlock: boolean;
  readonly memory: ThreadsMemory;
  readonly waiting: Readonly<Record<string, string>>;
}

/**
 * Every maximal order of a program without loops, one after another by recursion over copied states, straight from the words of
 * the instructions: nothing is shared with the model. Orders come first in listed order. `races` collects racing cells.
 */
export function everyOrder(scenario: ThreadsScenario): { orders: Order[]; races: string[] } {
  const names = Object.keys(scenario.threads);
  const programs = Object.values(scenario.threads).map((lines) => lines.map((line) => line.split(' ')));
  const orders: Order[] = [];
  const races = new Set<string>();

  const visit = (state: State, steps: number[]): void => {
    findRaces(programs, state, races);
    const able = names.map((_, t) => t).filter((t) => canStep(programs, state, t));
    for (const t of able) visit(stepped(programs, state, t), [...steps, t]);
    if (able.length > 0) return;
    const stuck = names.flatMap((name, t) => {
      const line = current(programs, state, t);
      return line ? [[name, names[state.owner[line[1] as string] as number] as string] as const] : [];
    });
    const switches = steps.filter((t, i) => i > 0 && t !== steps[i - 1]).length;
    orders.push({ steps, switches, deadlock: stuck.length > 0, memory: state.memory, waiting: Object.fromEntries(stuck) });
  };
  visit(initial(scenario), []);
  return { orders, races: Object.keys(scenario.memory ?? {}).filter((cell) => races.has(cell)) };
}

/** The best complete order to each outcome, by its memory as JSON, and to a deadlock, by `deadlock`. */
export function bestOrders(scenario: ThreadsScenario): Map<string, string[]> {
  const names = Object.keys(scenario.threads);
  const programs = Object.values(scenario.threads).map((lines) => lines.map((line) => line.split(' ')));
  const found = new Map<string, string[]>();
  const settled = new Set<string>();
  const open: Path[] = [{ state: initial(scenario), steps: [], switches: 0 }];
  while (open.length > 0) {
    const path = open.splice(open.reduce((best, each, i) => (isBetter(each, open[best] as Path) ? i : best), 0), 1)[0] as Path;
    const last = path.steps.at(-1) ?? -1;
    const key = JSON.stringify([path.state, last]);
    if (settled.has(key)) continue;
    settled.add(key);
    const able = names.map((_, t) => t).filter((t) => canStep(programs, path.state, t));
    for (const t of able) {
      open.push({ state: stepped(programs, path.state, t), steps: [...path.steps, t], switches: path.switches + (last >= 0 && last !== t ? 1 : 0) });
    }
    if (able.length > 0) continue;
    const finished = names.every((_, t) => !current(programs, path.state, t));
    const end = finished ? JSON.stringify(path.state.memory) : 'deadlock';
    if (!found.has(end)) found.set(end, path.steps.map((t) => names[t] as string));
  }
  return found;
}

interface Path {
  readonly state: State;
  readonly steps: readonly number[];
  readonly switches: number;
}

/** Fewest switches, then fewest steps, then first in listed order. */
function isBetter(a: Path, b: Path): boolean {
  const at = a.steps.findIndex((t, i) => t !== b.steps[i]);
  return (a.switches - b.switches || a.steps.length - b.steps.length || (a.steps[at] ?? 0) - (b.steps[at] ?? 0)) < 0;
}

function initial(scenario: ThreadsScenario): State {
  const threads = Object.keys(scenario.threads);
  return { at: threads.map(() => 0), registers: threads.map(() => ({})), memory: { ...scenario.memory }, owner: {} };
}

/** The words of the instruction a thread stands before, labels passed over. */
function current(programs: string[][][], state: State, t: number): string[] | undefined {
  const program = programs[t] as string[][];
  let at = state.at[t] as number;
  while (program[at]?.[0] === 'label') at++;
  return program[at];
}

function canStep(programs: string[][][], state: State, t: number): boolean {
  const line = current(programs, state, t);
  return line !== undefined && !(line[0] === 'lock' && (state.owner[line[1] as string] ?? -1) >= 0);
}

function stepped(programs: string[][][], before: State, t: number): State {
  const state = structuredClone(before);
  const program = programs[t] as string[][];
  const line = current(programs, state, t) as string[];
  state.at[t] = program.indexOf(line) + 1;
  const [op, a = '', b = '', c = '', d = ''] = line;
  const registers = state.registers[t] as Record<string, number>;
  const value = (word: string): number => (/^[+-]?\d+$/.test(word) ? Number(word) : (registers[word] ?? 0));
  const cell = (name: string): number => state.memory[name] as number;
  const jump = (label: string): void => void (state.at[t] = program.findIndex((each) => each[0] === 'label' && each[1] === label));
  if (op === 'load') registers[a] = cell(b);
  if (op === 'store') state.memory[a] = value(b);
  if (op === 'set') registers[a] = value(b);
  if (op === 'add') registers[a] = value(a) + value(b);
  if (op === 'fetch-add') state.memory[a] = cell(a) + value(b);
  if (op === 'cas') {
    const equal = cell(a) === value(b);
    if (equal) state.memory[a] = value(c);
    registers[d] = equal ? 1 : 0;
  }
  if (op === 'lock') state.owner[a] = t;
  if (op === 'unlock') state.owner[a] = -1;
  if (op === 'jump') jump(a);
  if (op === 'jump-if-zero' && value(a) === 0) jump(b);
  if (op === 'jump-if-positive' && value(a) > 0) jump(b);
  return state;
}

function findRaces(programs: string[][][], state: State, races: Set<string>): void {
  const accesses = programs.map((_, t) => {
    const [op, a, b] = current(programs, state, t) ?? [];
    if (op === 'load') return { cell: b as string, write: false, plain: true };
    if (op === 'store') return { cell: a as string, write: true, plain: true };
    if (op === 'fetch-add' || op === 'cas') return { cell: a as string, write: true, plain: false };
    return undefined;
  });
  for (const [i, one] of accesses.entries()) {
    for (const other of accesses.slice(i + 1)) {
      if (!one || !other || one.cell !== other.cell) continue;
      const plainWrite = (one.plain && one.write) || (other.plain && other.write);
      if (plainWrite || one.plain !== other.plain) races.add(one.cell);
    }
  }
}
