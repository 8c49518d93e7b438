import { HumanError } from '../../shared/errors.ts';
import { liveRegisters } from './liveness.ts';
import type { Program, Source, Step, ThreadCode } from './program.ts';
import { VectorTable } from './vectorTable.ts';

/** What `Machine.step` gives where the thread has ended or waits for a lock. */
export const CANNOT_STEP = -1;

const FREE = -1;

/** Remembered steps are stored by shared state up to this one. */
const REMEMBERED_SHARED = 1 << 10;

const NOT_REMEMBERED = -2;

/**
 * Executes single steps. A thread's program counter and registers are one number, its local state; memory and locks together
 * are another, the shared state. Equal contents have equal numbers, so that a step is mostly a table look-up.
 *
 * With `forgetDead`, registers that will not be read again count as 0: what threads can do stays the same, with fewer states.
 */
export class Machine {
  readonly initialShared: number;
  /** The shared state after the last `step`. */
  sharedAfter = 0;
  private readonly locals: readonly VectorTable[];
  private readonly shared: VectorTable;
  private readonly lockBase: number;
  /** Per thread and local state: by shared state, the local state after the step, and the shared one. */
  private readonly remembered: Int32Array[][];
  /** Per thread and place in its code, the registers that do not matter there. */
  private readonly dead: number[][][];

  constructor(
    readonly program: Program,
    forgetDead: boolean,
  ) {
    this.locals = program.threads.map((thread) => new VectorTable(1 + thread.registers.length));
    this.shared = new VectorTable(program.cells.length + program.locks.length);
    this.lockBase = program.cells.length;
    this.remembered = program.threads.map(() => []);
    this.dead = program.threads.map((thread) =>
      liveRegisters(thread).map((live) => live.flatMap((isLive, register) => (forgetDead && !isLive ? register : []))),
    );
    this.initialShared = this.shared.number([...program.initial, ...program.locks.map(() => FREE)]);
  }

  initialLocal(thread: number): number {
    return (this.locals[thread] as VectorTable).number([0, ...this.code(thread).registers.map(() => 0)]);
  }

  /** The step that the thread would take next; undefined at its end. */
  next(thread: number, local: number): Step | undefined {
    return this.code(thread).steps[(this.locals[thread] as VectorTable).get(local, 0)];
  }

  cell(shared: number, cell: number): number {
    return this.shared.get(shared, cell);
  }

  memory(shared: number): number[] {
    return this.program.cells.map((_, cell) => this.cell(shared, cell));
  }

  /** Who holds a lock, -1 for nobody. */
  owner(shared: number, lock: number): number {
    return this.shared.get(shared, this.lockBase + lock);
  }

  register(thread: number, local: number, register: number): number {
    return (this.locals[thread] as VectorTable).get(local, 1 + register);
  }

  /** The local state after the thread's next step, whose shared state is then `sharedAfter`; CANNOT_STEP where there is none. */
  step(thread: number, local: number, shared: number): number {
    if (shared >= REMEMBERED_SHARED) return this.execute(thread, local, shared);
    const rows = this.remembered[thread] as Int32Array[];
    let row = (rows[local] ??= new Int32Array(16).fill(NOT_REMEMBERED));
    if (2 * shared >= row.length) row = rows[local] = grown(row, 2 * shared + 2);
    let after = row[2 * shared] as number;
    if (after === NOT_REMEMBERED) {
      after = row[2 * shared] = this.execute(thread, local, shared);
      row[2 * shared + 1] = this.sharedAfter;
    }
    this.sharedAfter = row[2 * shared + 1] as number;
    return after;
  }

  private execute(thread: number, local: number, shared: number): number {
    const step = this.next(thread, local);
    this.sharedAfter = shared;
    if (!step) return CANNOT_STEP;
    switch (step.op) {
      case 'load':
        return this.advance(thread, local, step.register, this.cell(shared, step.cell));
      case 'set':
        return this.advance(thread, local, step.register, step.value);
      case 'add': {
        const sum = this.register(thread, local, step.register) + this.value(thread, local, step.value);
        return this.advance(thread, local, step.register, this.checked(sum, thread, step));
      }
      case 'store':
        this.sharedAfter = this.shared.with(shared, step.cell, this.value(thread, local, step.value));
        return this.moveTo(thread, local, 1);
      case 'fetch-add': {
        const sum = this.checked(this.cell(shared, step.cell) + step.value, thread, step);
        this.sharedAfter = this.shared.with(shared, step.cell, sum);
        return this.moveTo(thread, local, 1);
      }
      case 'cas': {
        const equal = this.cell(shared, step.cell) === this.value(thread, local, step.expected);
        if (equal) this.sharedAfter = this.shared.with(shared, step.cell, this.value(thread, local, step.value));
        return this.advance(thread, local, step.register, equal ? 1 : 0);
      }
      case 'lock':
        if (this.owner(shared, step.lock) !== FREE) return CANNOT_STEP;
        this.sharedAfter = this.shared.with(shared, this.lockBase + step.lock, thread);
        return this.moveTo(thread, local, 1);
      case 'unlock':
        this.sharedAfter = this.shared.with(shared, this.lockBase + step.lock, FREE);
        return this.moveTo(thread, local, 1);
      case 'jump':
        return this.jumpTo(thread, local, step.target);
      case 'jump-if-zero':
        return this.register(thread, local, step.register) === 0 ? this.jumpTo(thread, local, step.target) : this.moveTo(thread, local, 1);
      case 'jump-if-positive':
        return this.register(thread, local, step.register) > 0 ? this.jumpTo(thread, local, step.target) : this.moveTo(thread, local, 1);
    }
  }

  private code(thread: number): ThreadCode {
    return this.program.threads[thread] as ThreadCode;
  }

  private value(thread: number, local: number, source: Source): number {
    return source.register < 0 ? source.constant : this.register(thread, local, source.register);
  }

  /** Sums beyond what a double holds exactly would make equal what differs. */
  private checked(sum: number, thread: number, step: Step): number {
    if (Number.isSafeInteger(sum)) return sum;
    const field = `threads.${this.code(thread).name}.${step.line}`;
    throw new HumanError(`In this threads scenario, "${field}" must keep its sum from -9007199254740991 to 9007199254740991 in every interleaving.`);
  }

  private advance(thread: number, local: number, register: number, value: number): number {
    return this.moveTo(thread, (this.locals[thread] as VectorTable).with(local, 1 + register, value), 1);
  }

  private moveTo(thread: number, local: number, by: number): number {
    return this.jumpTo(thread, local, (this.locals[thread] as VectorTable).get(local, 0) + by);
  }

  private jumpTo(thread: number, local: number, target: number): number {
    const table = this.locals[thread] as VectorTable;
    let after = table.with(local, 0, target);
    for (const register of this.dead[thread]?.[target] ?? []) after = table.with(after, 1 + register, 0);
    return after;
  }
}

/** A longer row with the same beginning. */
function grown(row: Int32Array, length: number): Int32Array {
  const longer = new Int32Array(Math.max(length, 2 * row.length)).fill(NOT_REMEMBERED);
  longer.set(row);
  return longer;
}
