import { CHOICE, DECISIONS, ENABLED, PREVIOUS } from './control.ts';

interface Decision {
  readonly choice: number;
  /** Threads that have been chosen here, or cannot be, by bits. */
  readonly spent: number;
  readonly enabled: number;
  readonly previous: number;
  /** Preemptions before this decision. */
  readonly preemptions: number;
}

/** Which decisions to give next, depth first: the last one that can be made otherwise is. */
export class Schedules {
  /** The decisions of the last interleaving. */
  #path: Decision[] = [];

  /** @param bound on preemptions: how often the turn may be taken from a thread that could go on; null for none */
  constructor(private readonly bound: number | null) {}

  /** The decisions to give for the next interleaving, after the one that `control` tells of; null where there is none left. */
  next(control: Int32Array): readonly number[] | null {
    this.#extend(control);
    for (let last = this.#path.pop(); last; last = this.#path.pop()) {
      const choice = this.#otherwise(last);
      if (choice < 0) continue;
      this.#path.push({ ...last, choice, spent: last.spent | (1 << choice) });
      return this.#path.map((decision) => decision.choice);
    }
    return null;
  }

  /** Adds the decisions that were made beyond those given. */
  #extend(control: Int32Array): void {
    for (let i = this.#path.length; i < (control[DECISIONS] as number); i++) {
      const before = this.#path[i - 1];
      const choice = control[CHOICE + i] as number;
      this.#path.push({
        choice,
        spent: 1 << choice,
        enabled: control[ENABLED + i] as number,
        previous: control[PREVIOUS + i] as number,
        preemptions: before ? before.preemptions + cost(before, before.choice) : 0,
      });
    }
  }

  #otherwise(decision: Decision): number {
    for (let thread = 0; 1 << thread <= decision.enabled; thread++) {
      const bit = 1 << thread;
      if ((decision.enabled & bit) === 0 || (decision.spent & bit) !== 0) continue;
      if (this.bound === null || decision.preemptions + cost(decision, thread) <= this.bound) return thread;
    }
    return -1;
  }
}

/** 1 where choosing this thread takes the turn from one that could go on. */
function cost({ previous }: Pick<Decision, 'previous'>, choice: number): number {
  return previous >= 0 && choice !== previous ? 1 : 0;
}
