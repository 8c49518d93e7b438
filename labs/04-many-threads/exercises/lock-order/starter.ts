// A bank whose threads transfer between accounts that they share. Each account has a lock of its own.
//
//   true    the amount has moved
//   false   there was not enough on `from`, and nothing has changed
//   whoever holds both locks sees either all of a transfer or nothing of it
//   no order of transfers, however they meet, leaves threads waiting for each other for ever
//   transfers between other accounts do not wait for this one

/** One lock for each account: lock(account) waits until it is free. A thread that locks what it holds already waits for ever. */
interface Locks {
  lock(account: number): void;
  unlock(account: number): void;
}

export function transfer(accounts: Int32Array, locks: Locks, from: number, to: number, amount: number): boolean {
  // ▼ Your work starts here: which locks, and in which order?
  if (accounts[from]! < amount) return false;
  accounts[from]! -= amount;
  accounts[to]! += amount;
  return true;
}
