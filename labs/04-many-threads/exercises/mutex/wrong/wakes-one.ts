// A ticket lock that wakes one sleeper, as only one can get in.
const NEXT = 0;
const SERVED = 1;
const OWNER = 2;

export function lock(cells: Int32Array, me: number): void {
  if (Atomics.load(cells, OWNER) === me) throw new Error(`thread ${me} holds the lock already`);
  const mine = Atomics.add(cells, NEXT, 1);
  for (let served; (served = Atomics.load(cells, SERVED)) !== mine; ) Atomics.wait(cells, SERVED, served);
  Atomics.store(cells, OWNER, me);
}

export function unlock(cells: Int32Array, me: number): void {
  if (Atomics.load(cells, OWNER) !== me) throw new Error(`thread ${me} does not hold the lock`);
  Atomics.store(cells, OWNER, 0);
  Atomics.add(cells, SERVED, 1);
  Atomics.notify(cells, SERVED, 1);
}
