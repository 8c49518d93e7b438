import { INSIDE, mustBeLock, OWNER } from './control.ts';
import type { ThreadContext } from './definition.ts';

/** What a program's thread is handed where threads run as they do, at once and unwatched. */
export function freeContext(control: Int32Array, me: number, failed: (message: string) => void): Pick<ThreadContext<never>, 'come' | 'enter' | 'leave' | 'lock' | 'unlock' | 'pause'> {
  const bit = 1 << me;
  let told = false;
  return {
    come: () => undefined,
    enter: () => {
      if (Atomics.or(control, INSIDE, bit) === 0 || told) return;
      told = true;
      failed('Two threads were inside at once.');
    },
    leave: () => {
      Atomics.and(control, INSIDE, ~bit);
    },
    lock: (lock) => {
      mustBeLock(lock);
      for (;;) {
        const holder = Atomics.compareExchange(control, OWNER + lock, 0, me + 1);
        if (holder === 0) return;
        Atomics.wait(control, OWNER + lock, holder);
      }
    },
    unlock: (lock) => {
      mustBeLock(lock);
      Atomics.store(control, OWNER + lock, 0);
      Atomics.notify(control, OWNER + lock, 1);
    },
    pause: () => undefined,
  };
}
