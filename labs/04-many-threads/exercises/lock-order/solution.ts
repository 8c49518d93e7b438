// A bank whose threads transfer between accounts that they share. Each account has a lock of its own.
interface Locks {
  lock(account: number): void;
  unlock(account: number): void;
}

export function transfer(accounts: Int32Array, locks: Locks, from: number, to: number, amount: number): boolean {
  if (from === to) return accounts[from]! >= amount;
  // Everybody locks the lower account first, so that no ring of threads can wait for each other.
  const [first, second] = from < to ? [from, to] : [to, from];
  locks.lock(first);
  locks.lock(second);
  try {
    if (accounts[from]! < amount) return false;
    accounts[from]! -= amount;
    accounts[to]! += amount;
    return true;
  } finally {
    locks.unlock(second);
    locks.unlock(first);
  }
}
