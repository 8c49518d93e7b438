import { cellName } from './contents.ts';
import { CAME, FAIR, INSIDE, mustBeLock, OWNER, RECORDING, RECORDS, SLEPT, STATUS, STATUS_OF, THREADS, WAITS_FOR } from './control.ts';
import type { ThreadContext } from './definition.ts';
import type { FromThread, StepRecord } from './messages.ts';
import type { Turn } from './turn.ts';

type Numbers = Int32Array;
type Change = Omit<StepRecord, 'order' | 'thread' | 'stack' | 'text'>;

const NOTHING: Change = { cell: null, before: null, after: null };
const UPDATES = ['add', 'sub', 'and', 'or', 'xor', 'exchange', 'store'] as const;
const VIEWS = ['Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array', 'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array'] as const;

/**
 * Shared memory in which every access, plain or atomic, waits for its turn and is then one step. Takes the place of `Atomics`
 * and of the typed arrays in this thread's world: code that is loaded afterwards cannot get at shared memory besides them.
 */
export class SteppedMemory {
  readonly #atomics = Atomics;
  readonly #names = new Map<ArrayBufferLike, string>();
  readonly #bases = new Map<ArrayBufferLike, number>();
  /** A stepped view → the array behind it. */
  readonly #behind = new WeakMap<object, Numbers>();

  constructor(
    private readonly turn: Turn,
    private readonly control: Int32Array,
    private readonly tell: (message: FromThread) => void,
  ) {}

  /** Makes a buffer shared memory of the program's, and gives its view. */
  add(name: string, buffer: SharedArrayBuffer): Int32Array {
    this.#bases.set(buffer, this.#bases.size << 16);
    this.#names.set(buffer, name);
    return this.#view(new Int32Array(buffer));
  }

  install(): void {
    Object.defineProperty(globalThis, 'Atomics', { value: this.#steppedAtomics(), writable: true, configurable: true });
    for (const name of VIEWS) {
      const construct = (constructor: new (...args: unknown[]) => Numbers, args: unknown[], target: new (...args: unknown[]) => Numbers): Numbers => {
        const made = Reflect.construct<unknown[], Numbers>(constructor, args, target);
        return this.#bases.has(made.buffer) ? this.#view(made) : made;
      };
      Object.defineProperty(globalThis, name, { value: new Proxy(globalThis[name], { construct: construct as never }), writable: true, configurable: true });
    }
  }

  /** What a program's thread is handed besides memory. */
  context(): Pick<ThreadContext<never>, 'come' | 'enter' | 'leave' | 'lock' | 'unlock' | 'pause'> {
    const { control, turn } = this;
    const bit = 1 << turn.me;
    return {
      come: () => {
        control[CAME + turn.me] = turn.tick();
        control[SLEPT + turn.me] = 0;
      },
      enter: () => {
        const inside = control[INSIDE] as number;
        if (inside !== 0) turn.end('overlap', 31 - Math.clz32(inside));
        const overtaken = control[FAIR] === 1 ? this.#overtaken() : -1;
        if (overtaken >= 0) turn.end('overtaken', overtaken);
        control[CAME + turn.me] = control[SLEPT + turn.me] = 0;
        control[INSIDE] = inside | bit;
      },
      // Until it does something to let others in, it holds what it holds.
      leave: () => turn.atNextStep(() => (control[INSIDE] = (control[INSIDE] as number) & ~bit)),
      lock: (lock) => {
        mustBeLock(lock);
        // It steps when the lock is free, and not before.
        control[STATUS_OF + turn.me] = STATUS.locked;
        control[WAITS_FOR + turn.me] = lock;
        this.#stand(lock);
        turn.arrive();
        control[OWNER + lock] = turn.me + 1;
        turn.changed();
        this.#record(`lock(${lock})`, { ...NOTHING, took: `lock ${lock}` });
      },
      unlock: (lock) => {
        mustBeLock(lock);
        turn.arrive();
        control[OWNER + lock] = 0;
        turn.changed();
        this.#record(`unlock(${lock})`, { ...NOTHING, freed: `lock ${lock}` });
      },
      pause: (what) => {
        turn.arrive();
        this.#record(what, NOTHING);
      },
    };
  }

  /** Who has slept for entrance since before this thread came. */
  #overtaken(): number {
    const { control } = this;
    const came = control[CAME + this.turn.me] as number;
    for (let thread = 0; thread < (control[THREADS] as number); thread++) {
      const slept = control[SLEPT + thread] as number;
      if (thread !== this.turn.me && slept > 0 && slept < came) return thread;
    }
    return -1;
  }

  #view(array: Numbers): Numbers {
    const view = new Proxy(array, {
      get: (target, key) => {
        const index = indexOf(key);
        if (index === null) return valueOf(target, key);
        return this.#step(target, index, () => target[index] as number, (name, result) => `${name}[${index}] → ${result}`);
      },
      set: (target, key, value: number) => {
        const index = indexOf(key);
        if (index === null) return Reflect.set(target, key, value, target);
        this.#step(target, index, () => (target[index] = value), (name) => `${name}[${index}] = ${value}`);
        return true;
      },
    });
    this.#behind.set(view, array);
    return view;
  }

  /** One access: waits for its turn, does it, and tells of it where that is wanted. */
  #step<T>(target: Numbers, index: number, access: () => T, text: (name: string, result: T) => string, more?: (result: T) => Partial<Change>): T {
    this.turn.arrive();
    const before = Number(target[index]);
    const result = access();
    const after = Number(target[index]);
    if (after !== before) this.turn.changed();
    if (this.control[RECORDING] === 1) this.#record(text(this.#nameOf(target), result), { cell: this.#cell(target, index), before, after, ...more?.(result) });
    return result;
  }

  #record(text: string, change: Change): void {
    if (this.control[RECORDING] !== 1) return;
    const order = this.control[RECORDS] as number;
    this.control[RECORDS] = order + 1;
    this.tell({ type: 'step', record: { order, thread: this.turn.me, text, ...change, stack: new Error('step').stack ?? '' } });
  }

  #stand(lock: number): void {
    if (this.control[RECORDING] !== 1) return;
    this.tell({ type: 'stands', record: { order: this.control[RECORDS] as number, thread: this.turn.me, lock: `lock ${lock}`, stack: new Error('lock').stack ?? '' } });
  }

  #steppedAtomics(): object {
    const real = this.#atomics as unknown as Record<string, (...args: unknown[]) => number>;
    const stepped = Object.create(null) as Record<string, unknown>;
    for (const name of [...UPDATES, 'load', 'compareExchange']) {
      stepped[name] = (view: Numbers, index: number, ...values: number[]): number => {
        const target = this.#shared(view);
        const operation = real[name] as (...args: unknown[]) => number;
        if (!target) return operation(view, index, ...values);
        const result = (value: number): string => (name === 'store' ? '' : ` → ${value}`);
        return this.#step(target, index, () => operation(target, index, ...values), (array, value) => `Atomics.${name}(${[array, index, ...values].join(', ')})${result(value)}`);
      };
    }
    stepped.wait = (view: Numbers, index: number, value: number, timeoutMs?: number) => this.#wait(view, index, value, timeoutMs);
    stepped.notify = (view: Numbers, index: number, count = Infinity) => this.#notify(view, index, count);
    stepped.isLockFree = (size: number) => this.#atomics.isLockFree(size);
    return Object.freeze(Object.defineProperty(stepped, Symbol.toStringTag, { value: 'Atomics' }));
  }

  #wait(view: Numbers, index: number, value: number, timeoutMs: number | undefined): string {
    const target = this.#shared(view);
    if (!target) {
      // Memory of its own: it only lets time pass, which here is a step.
      this.turn.arrive();
      this.#record('sleeps for a time', NOTHING);
      return 'timed-out';
    }
    const words = (name: string): string => `Atomics.wait(${[name, index, value, ...(timeoutMs === undefined ? [] : [timeoutMs])].join(', ')})`;
    const equal = this.#step(target, index, () => target[index] === value, (name, isEqual) => (isEqual ? `${words(name)} sleeps` : `${words(name)} → 'not-equal'`), (isEqual) => (isEqual ? { sleeps: this.#cell(target, index) } : {}));
    if (!equal) return 'not-equal';
    this.turn.block(STATUS.asleep, this.#key(target, index));
    this.#record(`${words(this.#nameOf(target))} → 'ok'`, NOTHING);
    return 'ok';
  }

  #notify(view: Numbers, index: number, count: number): number {
    const target = this.#shared(view);
    if (!target) return 0;
    let woken: number[] = [];
    const wakes = (): number => (woken = this.turn.wake(this.#key(target, index), count)).length;
    return this.#step(target, index, wakes, (name, result) => `Atomics.notify(${name}, ${index}${count === Infinity ? '' : `, ${count}`}) → ${result}`, () => ({ woke: woken }));
  }

  /** The array behind a view of the program's shared memory; undefined for any other. */
  #shared(view: Numbers): Numbers | undefined {
    return this.#behind.get(view);
  }

  #key(target: Numbers, index: number): number {
    return (this.#bases.get(target.buffer) ?? 0) + target.byteOffset + index * target.BYTES_PER_ELEMENT;
  }

  #nameOf(target: Numbers): string {
    return this.#names.get(target.buffer) ?? '';
  }

  #cell(target: Numbers, index: number): string {
    return cellName(this.#nameOf(target), (target.byteOffset + index * target.BYTES_PER_ELEMENT) / 4, target.buffer.byteLength / 4);
  }
}

/** An element's index; null for every other property. */
function indexOf(key: string | symbol): number | null {
  return typeof key === 'string' && /^\d+$/.test(key) ? Number(key) : null;
}

function valueOf(target: Numbers, key: string | symbol): unknown {
  const value: unknown = Reflect.get(target, key, target);
  return typeof value === 'function' && key !== 'constructor' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
}
