/** The average over time of a quantity that changes in steps, as a queue's length; time in the simulator's unit. */
export class TimeWeighted {
  private area = 0;
  private since: number;
  private current: number;
  private highest: number;

  constructor(
    private readonly start = 0,
    value = 0,
  ) {
    this.since = start;
    this.current = value;
    this.highest = value;
  }

  /** The quantity is `value` from `time` on. Times must not go back. */
  set(time: number, value: number): void {
    if (!(time >= this.since)) throw new RangeError(`time must not be before ${this.since}, not ${time}`);
    this.area += this.current * (time - this.since);
    this.since = time;
    this.current = value;
    if (value > this.highest) this.highest = value;
  }

  /** The quantity changes by `change` at `time`. */
  add(time: number, change: number): void {
    this.set(time, this.current + change);
  }

  get value(): number {
    return this.current;
  }

  get maximum(): number {
    return this.highest;
  }

  /** The average from the start to `time`; the present value where no time has passed. */
  average(time: number): number {
    const span = time - this.start;
    return span > 0 ? (this.area + this.current * (time - this.since)) / span : this.current;
  }
}

/** Single observations, as waiting times: their number, mean, spread and percentiles. Keeps them all. */
export class Tally {
  private readonly values: number[] = [];
  private sorted = true;
  private meanSoFar = 0;
  private squares = 0;

  /** Records one observation. */
  add(value: number): void {
    if (!Number.isFinite(value)) throw new RangeError(`an observation must be a finite number, not ${value}`);
    this.sorted &&= this.values.length === 0 || value >= (this.values[this.values.length - 1] as number);
    this.values.push(value);
    const step = value - this.meanSoFar;
    this.meanSoFar += step / this.values.length;
    this.squares += step * (value - this.meanSoFar);
  }

  get count(): number {
    return this.values.length;
  }

  /** NaN where nothing was observed, as are all of the figures below. */
  get mean(): number {
    return this.count > 0 ? this.meanSoFar : NaN;
  }

  /** The unbiased sample variance (Welford 1962); NaN below two observations. */
  get variance(): number {
    return this.count > 1 ? this.squares / (this.count - 1) : NaN;
  }

  get minimum(): number {
    return this.percentile(0);
  }

  get maximum(): number {
    return this.percentile(100);
  }

  /** The smallest observation that at least `percent` % do not exceed (nearest rank), from 0 to 100. */
  percentile(percent: number): number {
    if (!(percent >= 0 && percent <= 100)) throw new RangeError(`percent must be from 0 to 100, not ${percent}`);
    if (!this.sorted) {
      this.values.sort((a, b) => a - b);
      this.sorted = true;
    }
    return this.values[Math.max(0, Math.ceil((percent / 100) * this.count) - 1)] ?? NaN;
  }
}
