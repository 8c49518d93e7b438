// A mutex that looks whether the lock is free, and then takes it.
const HOLDER = 0; // the thread that holds it; 0: nobody

export function lock(cells: Int32Array, me: number): void {
  if (Atomics.load(cells, HOLDER) === me) throw new Error(`thread ${me} holds the lock already`);
  for (;;) {
    const holder = Atomics.load(cells, HOLDER);
    if (holder === 0) {
      Atomics.store(cells, HOLDER, me);
      return;
    }
    Atomics.wait(cells, HOLDER, holder);
  }
}

export function unlock(cells: Int32Array, me: number): void {
  if (Atomics.load(cells, HOLDER) !== me) throw new Error(`thread ${me} does not hold the lock`);
  Atomics.store(cells, HOLDER, 0);
  Atomics.notify(cells, HOLDER, 1);
}
