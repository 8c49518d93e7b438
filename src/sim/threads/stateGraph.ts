import { CANNOT_STEP, type Machine } from './machine.ts';

/** A program has more states than were allowed. */
export class TooManyStates extends Error {}

/**
 * Every state that can be reached, numbered from 0, the initial one, in order of the fewest steps that lead there, and what
 * each thread's next step makes of it. A program without jumps takes the same number of steps to a state on every way, so
 * that all ways to a state come from lower numbers.
 */
export class StateGraph {
  readonly threads: number;
  private readonly width: number;
  /** Per state the local state of each thread, then the shared state. */
  private states = new Int32Array(1 << 12);
  /** Per state the state after a step of each thread; CANNOT_STEP where that thread has none. */
  private edges = new Int32Array(1 << 12);
  private hash = new Int32Array(1 << 12).fill(-1);
  private hashed = 0;
  private size = 0;

  /** @throws TooManyStates where there are more than `maxStates`. */
  constructor(
    private readonly machine: Machine,
    private readonly maxStates: number,
  ) {
    this.threads = machine.program.threads.length;
    this.width = this.threads + 1;
    const row = new Int32Array(this.width);
    for (let thread = 0; thread < this.threads; thread++) row[thread] = machine.initialLocal(thread);
    row[this.threads] = machine.initialShared;
    this.add(row);
    let levelEnd = 0;
    for (let state = 0; state < this.size; state++) {
      if (state === levelEnd && !machine.program.jumps) {
        levelEnd = this.size;
        this.forget();
      }
      this.expand(state, row);
    }
  }

  get count(): number {
    return this.size;
  }

  local(state: number, thread: number): number {
    return this.states[state * this.width + thread] as number;
  }

  shared(state: number): number {
    return this.states[state * this.width + this.threads] as number;
  }

  /** The state after a step of `thread`, or CANNOT_STEP. */
  after(state: number, thread: number): number {
    return this.edges[state * this.threads + thread] as number;
  }

  isTerminal(state: number): boolean {
    for (let thread = 0; thread < this.threads; thread++) if (this.after(state, thread) !== CANNOT_STEP) return false;
    return true;
  }

  /** Whether every thread has come to its end. */
  isFinished(state: number): boolean {
    for (let thread = 0; thread < this.threads; thread++) if (this.machine.next(thread, this.local(state, thread))) return false;
    return true;
  }

  private expand(state: number, row: Int32Array): void {
    const at = state * this.width;
    const shared = this.shared(state);
    if ((state + 1) * this.threads > this.edges.length) this.edges = grown(this.edges);
    for (let thread = 0; thread < this.threads; thread++) {
      const local = this.machine.step(thread, this.states[at + thread] as number, shared);
      let target = CANNOT_STEP;
      if (local !== CANNOT_STEP) {
        for (let i = 0; i < this.threads; i++) row[i] = this.states[at + i] as number;
        row[thread] = local;
        row[this.threads] = this.machine.sharedAfter;
        target = this.add(row);
      }
      this.edges[state * this.threads + thread] = target;
    }
  }

  /** The number of the state that `row` describes, a new one where there is none yet. */
  private add(row: Int32Array): number {
    let slot = this.slotOf(row);
    const known = this.hash[slot] as number;
    if (known >= 0) return known;
    if (this.size === this.maxStates) throw new TooManyStates();
    if (2 * ++this.hashed >= this.hash.length) {
      this.rehash();
      slot = this.slotOf(row);
    }
    if ((this.size + 1) * this.width > this.states.length) this.states = grown(this.states);
    this.states.set(row, this.size * this.width);
    this.hash[slot] = this.size;
    return this.size++;
  }

  /** Where the state stands in the hash table, or the free place that is its own; open addressing, linear probing. */
  private slotOf(row: Int32Array): number {
    const mask = this.hash.length - 1;
    let slot = hashOf(row, 0, this.width) & mask;
    for (;;) {
      const state = this.hash[slot] as number;
      if (state < 0 || this.equals(state, row)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  private equals(state: number, row: Int32Array): boolean {
    const at = state * this.width;
    for (let i = 0; i < this.width; i++) if (this.states[at + i] !== row[i]) return false;
    return true;
  }

  private rehash(): void {
    const old = this.hash;
    this.hash = new Int32Array(old.length * 2).fill(-1);
    const mask = this.hash.length - 1;
    for (const state of old) {
      if (state < 0) continue;
      let slot = hashOf(this.states, state * this.width, this.width) & mask;
      while ((this.hash[slot] as number) >= 0) slot = (slot + 1) & mask;
      this.hash[slot] = state;
    }
  }

  /** Without jumps a step leads only to states of one step more, so earlier ones need not be found again. */
  private forget(): void {
    this.hash.fill(-1);
    this.hashed = 0;
  }
}

/** Mixes a row of integers (multiply and rotate, as xxHash's rounds do). */
function hashOf(rows: Int32Array, at: number, width: number): number {
  let hash = 0x9e3779b1;
  for (let i = at; i < at + width; i++) {
    hash = Math.imul(hash ^ (rows[i] as number), 0x85ebca77);
    hash ^= hash >>> 15;
  }
  return Math.imul(hash, 0xc2b2ae3d) >>> 7;
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
