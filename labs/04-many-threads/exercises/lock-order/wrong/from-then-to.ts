// Locks the account that pays, then the one that is paid.
interface Locks {
  lock(account: number): void;
  unlock(account: number): void;
}

export function transfer(accounts: Int32Array, locks: Locks, from: number, to: number, amount: number): boolean {
  if (from === to) return accounts[from]! >= amount;
  locks.lock(from);
  locks.lock(to);
  try {
    if (accounts[from]! < amount) return false;
    accounts[from]! -= amount;
    accounts[to]! += amount;
    return true;
  } finally {
    locks.unlock(to);
    locks.unlock(from);
  }
}
