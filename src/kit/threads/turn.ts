import * as at from './control.ts';

/** Steps without any change of memory after which another thread gets its turn. */
const IDLE_STEPS = 16;
/** Steps without any change of memory, with every other thread heard, after which there is no end to it. */
const ENDLESS_STEPS = 160;

/**
 * One thread's part in a scheduler that belongs to nobody: whoever has the turn decides who steps next, so that a thread
 * that goes on costs nothing. What is decided is written down; what is given is followed.
 */
export class Turn {
  // The program's threads have another Atomics in its place.
  readonly #atomics = Atomics;
  readonly #control: Int32Array;
  /** Done when this thread's next step begins. */
  #atNextStep: (() => void) | null = null;

  constructor(
    control: Int32Array,
    readonly me: number,
  ) {
    this.#control = control;
  }

  /** Waits until this thread is to step. Called before each step. */
  arrive(): void {
    if (this.#control[at.STARTING] === 1) {
      if (this.#startNext()) this.park();
      else this.#goOn(-1);
    } else {
      this.#countIdle();
      this.#goOn(this.me);
    }
    this.#begin();
  }

  /** Does something when this thread's next step begins, or its end comes. */
  atNextStep(action: () => void): void {
    this.#atNextStep = action;
  }

  /** The step that was begun lasts until another thread ends it: this one sleeps, or waits for a lock. */
  block(status: number, key: number): void {
    const control = this.#control;
    control[at.STATUS_OF + this.me] = status;
    control[at.WAITS_FOR + this.me] = key;
    control[at.ASLEEP_SINCE + this.me] = this.tick();
    if (status === at.STATUS.asleep && control[at.CAME + this.me] !== 0) control[at.SLEPT + this.me] ||= this.tick();
    this.#goOn(this.me);
  }

  /** Makes the `count` threads that have slept longest at a cell ready; gives which. */
  wake(key: number, count: number): number[] {
    const control = this.#control;
    const asleep = this.#threads().filter((thread) => control[at.STATUS_OF + thread] === at.STATUS.asleep && control[at.WAITS_FOR + thread] === key);
    asleep.sort((a, b) => (control[at.ASLEEP_SINCE + a] as number) - (control[at.ASLEEP_SINCE + b] as number));
    const woken = asleep.slice(0, count);
    for (const thread of woken) control[at.STATUS_OF + thread] = at.STATUS.ready;
    if (woken.length > 0) this.changed();
    return woken;
  }

  /** This thread's program has come to its end. */
  finish(): void {
    const control = this.#control;
    this.#begin();
    control[at.STATUS_OF + this.me] = at.STATUS.finished;
    this.changed();
    const starting = control[at.STARTING] === 1;
    if (starting && this.#startNext()) return;
    const next = this.#choose(starting ? -1 : this.me);
    if (next >= 0) this.#open(next);
  }

  /** Ends the interleaving here. This thread never goes on. */
  end(kind: at.EndKind, other = -1): never {
    this.#end(kind, other);
    for (;;) this.park();
  }

  /** Sleeps until the turn is this thread's. */
  park(): void {
    const control = this.#control;
    while (this.#atomics.load(control, at.GATE + this.me) === 0) this.#atomics.wait(control, at.GATE + this.me, 0);
    this.#atomics.store(control, at.GATE + this.me, 0);
  }

  changed(): void {
    this.#control[at.CHANGES] = (this.#control[at.CHANGES] as number) + 1;
  }

  tick(): number {
    return (this.#control[at.CLOCK] = (this.#control[at.CLOCK] as number) + 1);
  }

  #begin(): void {
    this.#atNextStep?.();
    this.#atNextStep = null;
  }

  /** `after`: who stepped last, -1 for nobody. */
  #goOn(after: number): void {
    const next = this.#choose(after);
    if (next === this.me) return;
    if (next >= 0) this.#open(next);
    this.park();
  }

  /** Lets the next thread run up to its first step; false where all have. */
  #startNext(): boolean {
    const next = this.me + 1;
    if (next < (this.#control[at.THREADS] as number)) {
      this.#open(next);
      return true;
    }
    this.#control[at.STARTING] = 0;
    return false;
  }

  /** Who steps next; -1 where the interleaving has come to its end. */
  #choose(after: number): number {
    const control = this.#control;
    const { me } = this;
    let enabled = this.#enabled();
    if (enabled === 0) return this.#end(this.#threads().every((thread) => control[at.STATUS_OF + thread] === at.STATUS.finished) ? 'finished' : 'deadlock');
    let previous = after >= 0 && (enabled & (1 << after)) !== 0 ? after : -1;
    const idle = control[at.IDLE + me] as number;
    if (previous === me && idle >= IDLE_STEPS) {
      if (control[at.MUST_SLEEP] === 1) return this.#end('busy');
      if (idle >= ENDLESS_STEPS) return this.#end('endless');
      const others = enabled & ~(1 << me);
      if (others !== 0) [enabled, previous] = [others, -1];
    }
    const decision = control[at.DECISIONS] as number;
    if (decision === at.MAX_STEPS) return this.#end('endless');
    const given = decision < (control[at.GIVEN] as number) ? (control[at.GIVEN_CHOICE + decision] as number) : -1;
    const choice = given >= 0 && (enabled & (1 << given)) !== 0 ? given : previous === me ? me : this.#after(after, enabled);
    control[at.CHOICE + decision] = choice;
    control[at.ENABLED + decision] = enabled;
    control[at.PREVIOUS + decision] = previous;
    control[at.DECISIONS] = decision + 1;
    control[at.STATUS_OF + choice] = at.STATUS.ready;
    return choice;
  }

  #enabled(): number {
    const control = this.#control;
    let enabled = 0;
    for (let thread = 0; thread < (control[at.THREADS] as number); thread++) {
      const status = control[at.STATUS_OF + thread];
      const free = status === at.STATUS.locked && control[at.OWNER + (control[at.WAITS_FOR + thread] as number)] === 0;
      if (status === at.STATUS.ready || free) enabled |= 1 << thread;
    }
    return enabled;
  }

  #after(thread: number, enabled: number): number {
    const count = this.#control[at.THREADS] as number;
    for (let next = (thread + 1) % count; ; next = (next + 1) % count) if ((enabled & (1 << next)) !== 0) return next;
  }

  #countIdle(): void {
    const control = this.#control;
    const { me } = this;
    const same = control[at.SEEN_CHANGES + me] === control[at.CHANGES];
    control[at.IDLE + me] = same ? (control[at.IDLE + me] as number) + 1 : 0;
    control[at.SEEN_CHANGES + me] = control[at.CHANGES] as number;
  }

  #threads(): number[] {
    return Array.from({ length: this.#control[at.THREADS] as number }, (_, thread) => thread);
  }

  #open(thread: number): void {
    this.#atomics.store(this.#control, at.GATE + thread, 1);
    this.#atomics.notify(this.#control, at.GATE + thread);
  }

  #end(kind: at.EndKind, other = -1): -1 {
    this.#control[at.ENDED_BY] = this.me;
    this.#control[at.ENDED_WITH] = other;
    this.#atomics.store(this.#control, at.END, at.ENDS.indexOf(kind));
    this.#atomics.notify(this.#control, at.END);
    return -1;
  }
}
