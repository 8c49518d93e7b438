/**
 * A stream of pseudo-random numbers: sfc32 (Chris Doty-Humphrey, PractRand; period about 2^128, passes BigCrush), which needs
 * 32-bit integer steps only. Streams of one seed and different names are independent of each other: a model that draws more
 * from one leaves the others as they were.
 *
 * Integers, `uniform`, `chance`, `pick` and `shuffle` are the same on every platform, bit for bit. `exponential`, `normal` and
 * `pareto` go through Math.log, exp and cos, whose last bit the language leaves open: V8 computes them in software (fdlibm), so
 * all of Node and VS Code agree. Powers are another matter: 1.1 ** 4 is not the same in Node 20 and in Node 24, so that lint
 * keeps all but powers of two out of `src/sim`.
 */
export class RandomStream {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /** @param seed any finite number. @param name what the stream is for, as `arrivals`. */
  constructor(seed: number, name: string) {
    if (!Number.isFinite(seed)) throw new RangeError(`seed must be a finite number, not ${seed}`);
    const bits = new Uint32Array(new Float64Array([seed === 0 ? 0 : seed]).buffer);
    let state = hash(name) ^ mix((bits[0] as number) ^ mix(bits[1] as number));
    const next = (): number => mix((state = (state + 0x9e3779b9) | 0));
    this.a = next();
    this.b = next();
    this.c = next() ^ hash(`${name}\0`);
    for (let i = 0; i < 12; i++) this.uint32();
  }

  /** An integer from 0 to 2^32 - 1. */
  uint32(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** A multiple of 2^-53 from 0 to below 1. */
  unit(): number {
    const high = this.uint32() >>> 5;
    return (high * 67108864 + (this.uint32() >>> 6)) / 9007199254740992;
  }

  /** From `low` to below `high`. */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.unit();
  }

  /** An integer from `low` to `high`, both included, without bias. They lie less than 2^32 apart. */
  integer(low: number, high: number): number {
    const span = high - low + 1;
    if (!(Number.isInteger(low) && span >= 1 && span <= 2 ** 32 && Number.isInteger(high))) {
      throw new RangeError(`integer needs integers low <= high less than 2^32 apart, not ${low} and ${high}`);
    }
    const limit = 2 ** 32 - (2 ** 32 % span);
    let drawn = this.uint32();
    while (drawn >= limit) drawn = this.uint32();
    return low + (drawn % span);
  }

  /** True with probability `probability`. */
  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** Exponentially distributed with this mean; never infinite, may be 0. */
  exponential(mean: number): number {
    return -mean * Math.log(1 - this.unit());
  }

  /** Normally distributed (Box and Muller 1958, one of its two results). */
  normal(mean: number, deviation: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.unit()));
    return mean + deviation * radius * Math.cos(2 * Math.PI * this.unit());
  }

  /** Pareto distributed from `scale` upwards; the mean is finite where `shape` > 1. */
  pareto(shape: number, scale: number): number {
    return scale * Math.exp(-Math.log(1 - this.unit()) / shape);
  }

  /** One of the items, each as likely. */
  pick<T>(items: readonly T[]): T {
    return items[this.integer(0, items.length - 1)] as T;
  }

  /** Puts the items in a random order, in place (Fisher and Yates). */
  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.integer(0, i);
      [items[i], items[j]] = [items[j] as T, items[i] as T];
    }
    return items;
  }
}

/** MurmurHash3's 32-bit finaliser: every input bit reaches every output bit. */
function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/** FNV-1a over UTF-16 code units, finished by `mix`. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return mix(value);
}
