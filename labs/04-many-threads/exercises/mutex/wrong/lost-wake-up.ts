// A mutex that says that it waits, and then sleeps on a cell that the unlocker does not change.
const HOLDER = 0;
const WAITING = 1;
const BELL = 2;

export function lock(cells: Int32Array, me: number): void {
  if (Atomics.load(cells, HOLDER) === me) throw new Error(`thread ${me} holds the lock already`);
  while (Atomics.compareExchange(cells, HOLDER, 0, me) !== 0) {
    Atomics.add(cells, WAITING, 1);
    Atomics.wait(cells, BELL, 0);
    Atomics.sub(cells, WAITING, 1);
  }
}

export function unlock(cells: Int32Array, me: number): void {
  if (Atomics.load(cells, HOLDER) !== me) throw new Error(`thread ${me} does not hold the lock`);
  Atomics.store(cells, HOLDER, 0);
  Atomics.notify(cells, BELL);
}
