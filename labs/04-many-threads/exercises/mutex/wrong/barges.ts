// A mutex that whoever finds it free takes: also one that has just come, before one that was just woken.
const HOLDER = 0;

export function lock(cells: Int32Array, me: number): void {
  for (;;) {
    const holder = Atomics.compareExchange(cells, HOLDER, 0, me);
    if (holder === 0) return;
    if (holder === me) throw new Error(`thread ${me} holds the lock already`);
    Atomics.wait(cells, HOLDER, holder);
  }
}

export function unlock(cells: Int32Array, me: number): void {
  if (Atomics.compareExchange(cells, HOLDER, me, 0) !== me) throw new Error(`thread ${me} does not hold the lock`);
  Atomics.notify(cells, HOLDER, 1);
}
