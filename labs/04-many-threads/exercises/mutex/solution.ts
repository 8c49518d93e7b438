// A ticket lock: who comes draws a number, and sleeps until it is served. All cells are 0 at first.
const NEXT = 0; // the next number to be drawn
const SERVED = 1; // the number that holds the lock, or may take it
const OWNER = 2; // the thread that holds it; 0: nobody

/** Returns when the thread `me` (1, 2, 3, …) holds the lock; those who wait get it in the order in which they came. */
export function lock(cells: Int32Array, me: number): void {
  if (Atomics.load(cells, OWNER) === me) throw new Error(`thread ${me} holds the lock already`);
  const mine = Atomics.add(cells, NEXT, 1);
  for (let served; (served = Atomics.load(cells, SERVED)) !== mine; ) {
    // Sleeps only if that is still the number being served: no wake-up can slip in between.
    Atomics.wait(cells, SERVED, served);
  }
  Atomics.store(cells, OWNER, me);
}

/** Gives the lock to whoever is next. */
export function unlock(cells: Int32Array, me: number): void {
  if (Atomics.load(cells, OWNER) !== me) throw new Error(`thread ${me} does not hold the lock`);
  Atomics.store(cells, OWNER, 0);
  Atomics.add(cells, SERVED, 1);
  // All of them: only one's number is up, and nobody here knows which thread that is.
  Atomics.notify(cells, SERVED);
}
