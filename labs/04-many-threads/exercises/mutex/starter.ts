// A mutex for threads that share memory. Any number of threads call these two functions with the same `cells`, which hold 0
// at first and are the lock's own; `me` is the calling thread's number: 1, 2, 3, …
//
//   lock()    returns when this thread holds the lock; one that has to wait sleeps in Atomics.wait
//   unlock()  lets the next one in, and wakes it by Atomics.notify
//   those who wait get the lock in the order in which they came
//   both throw an Error where they make no sense: to lock what one holds already, to unlock what one does not hold

export function lock(cells: Int32Array, me: number): void {
  // ▼ Your work starts here: this lets everybody in, whoever holds the lock.
  Atomics.store(cells, 0, me);
}

export function unlock(cells: Int32Array, me: number): void {
  if (Atomics.load(cells, 0) === me) Atomics.store(cells, 0, 0);
}
