// Locks the account that money is taken from; adding needs no lock.
interface Locks {
  lock(account: number): void;
  unlock(account: number): void;
}

export function transfer(accounts: Int32Array, locks: Locks, from: number, to: number, amount: number): boolean {
  locks.lock(from);
  try {
    if (accounts[from]! < amount) return false;
    accounts[from]! -= amount;
    accounts[to]! += amount;
    return true;
  } finally {
    locks.unlock(from);
  }
}
