// Unlocks when the work is done.
interface Locks {
  lock(account: number): void;
  unlock(account: number): void;
}

export function transfer(accounts: Int32Array, locks: Locks, from: number, to: number, amount: number): boolean {
  if (from === to) return accounts[from]! >= amount;
  const [first, second] = from < to ? [from, to] : [to, from];
  locks.lock(first);
  locks.lock(second);
  if (accounts[from]! < amount) return false;
  accounts[from]! -= amount;
  accounts[to]! += amount;
  locks.unlock(second);
  locks.unlock(first);
  return true;
}
