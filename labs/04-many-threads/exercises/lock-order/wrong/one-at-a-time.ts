// Never holds two locks, so that nobody can wait while holding one.
interface Locks {
  lock(account: number): void;
  unlock(account: number): void;
}

export function transfer(accounts: Int32Array, locks: Locks, from: number, to: number, amount: number): boolean {
  locks.lock(from);
  const enough = accounts[from]! >= amount;
  if (enough) accounts[from]! -= amount;
  locks.unlock(from);
  if (!enough) return false;
  locks.lock(to);
  accounts[to]! += amount;
  locks.unlock(to);
  return true;
}
