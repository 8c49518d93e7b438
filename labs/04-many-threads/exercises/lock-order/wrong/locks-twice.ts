// Sorts the two accounts and locks both, whichever they are.
interface Locks {
  lock(account: number): void;
  unlock(account: number): void;
}

export function transfer(accounts: Int32Array, locks: Locks, from: number, to: number, amount: number): boolean {
  const [first, second] = from < to ? [from, to] : [to, from];
  locks.lock(first!);
  locks.lock(second!);
  try {
    if (accounts[from]! < amount) return false;
    accounts[from]! -= amount;
    accounts[to]! += amount;
    return true;
  } finally {
    locks.unlock(second!);
    locks.unlock(first!);
  }
}
