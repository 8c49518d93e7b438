import { CHOICE, DECISIONS } from './control.ts';
import { contentsOf } from './contents.ts';
import type { Crew } from './crew.ts';
import type { Outcome } from './messages.ts';

/** Counts what interleavings leave in memory, and keeps the simplest that leads to each. */
export class OutcomeTally {
  readonly #byContents = new Map<string, Outcome>();

  get outcomes(): readonly Outcome[] {
    return [...this.#byContents.values()];
  }

  /** Adds the interleaving that a crew has just finished. */
  add({ memory, control, names }: Crew): void {
    const contents = contentsOf(memory);
    const key = Object.values(contents).join();
    const schedule = [...control.subarray(CHOICE, CHOICE + (control[DECISIONS] as number))];
    const switches = schedule.filter((thread, i) => i > 0 && thread !== schedule[i - 1]).length;
    const serial = switches === names.length - 1;
    const known = this.#byContents.get(key);
    const simplest = !known || switches < known.switches ? { schedule, switches } : known;
    this.#byContents.set(key, { ...simplest, memory: contents, interleavings: (known?.interleavings ?? 0) + 1, serial: serial || (known?.serial ?? false) });
  }
}
