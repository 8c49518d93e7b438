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
  /** Places of states by hash: open addressing, linear probing, -1 where free. */
  private table = new Int32Array(1 << 12).fill(-1);
  private inTable = 0;
  private size = 0;

  /** @throws TooManyStates where there are more than `maxStates`. */
  constructor(
    private readonly machine: Machine,
    private readonly maxStates: number,
  ) {
    this.threads = machine.program.threads.length;
    this.width = this.threads + 1;
    const first = machine.program.threads.map((_, thread) => machine.initialLocal(thread));
    this.states.set([...first, machine.initialShared]);
    this.insert(this.hashOf(0));
    let levelEnd = 0;
    for (let state = 0; state < this.size; state++) {
      if (state === levelEnd && !machine.program.jumps) {
        levelEnd = this.size;
        this.forget();
      }
      this.expand(state);
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

  private expand(state: number): void {
    const { machine, threads } = this;
    if ((state + 1) * threads > this.edges.length) this.edges = grown(this.edges);
    const shared = this.shared(state);
    const hash = this.hashOf(state) ^ mixed(shared, threads);
    for (let thread = 0; thread < threads; thread++) {
      const local = this.local(state, thread);
      const after = machine.step(thread, local, shared);
      const { sharedAfter } = machine;
      this.edges[state * threads + thread] =
        after === CANNOT_STEP
          ? CANNOT_STEP
          : this.found(state, thread, after, sharedAfter, hash ^ mixed(local, thread) ^ mixed(after, thread) ^ mixed(sharedAfter, threads));
    }
  }

  /** The number of the state that differs from `from` in one thread's local state and the shared one; a new one where need be. */
  private found(from: number, thread: number, local: number, shared: number, hash: number): number {
    const fresh = this.size * this.width;
    if (fresh + this.width > this.states.length) this.states = grown(this.states);
    const { states, table, width } = this;
    const source = from * width;
    for (let i = 0; i < width; i++) states[fresh + i] = states[source + i] as number;
    states[fresh + thread] = local;
    states[fresh + this.threads] = shared;
    const mask = table.length - 1;
    for (let slot = spread(hash) & mask; ; slot = (slot + 1) & mask) {
      const known = table[slot] as number;
      if (known < 0) return this.insert(hash);
      let same = 0;
      while (same < width && states[known * width + same] === states[fresh + same]) same++;
      if (same === width) return known;
    }
  }

  /** Keeps the row that stands after the last state as a new one. */
  private insert(hash: number): number {
    if (this.size === this.maxStates) throw new TooManyStates();
    if (2 * ++this.inTable >= this.table.length) this.enlarge();
    place(this.table, hash, this.size);
    return this.size++;
  }

  private enlarge(): void {
    const old = this.table;
    this.table = new Int32Array(old.length * 2).fill(-1);
    for (const state of old) if (state >= 0) place(this.table, this.hashOf(state), state);
  }

  /** Without jumps a step leads only to states of one step more, so earlier ones need not be found again. */
  private forget(): void {
    this.table.fill(-1);
    this.inTable = 0;
  }

  /** All fields' hashes together, so that a step's change can be taken out and put in. */
  private hashOf(state: number): number {
    let hash = 0;
    for (let i = 0; i < this.width; i++) hash ^= mixed(this.states[state * this.width + i] as number, i);
    return hash;
  }
}

/** A field's part of a hash: MurmurHash3's finaliser over value and place. */
function mixed(value: number, place: number): number {
  let hash = Math.imul(value + 1, 0x9e3779b1) ^ Math.imul(place + 1, 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

function spread(hash: number): number {
  return Math.imul(hash, 0xc2b2ae35) >>> 5;
}

function place(table: Int32Array, hash: number, state: number): void {
  const mask = table.length - 1;
  let slot = spread(hash) & mask;
  while ((table[slot] as number) >= 0) slot = (slot + 1) & mask;
  table[slot] = state;
}

function grown(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}
