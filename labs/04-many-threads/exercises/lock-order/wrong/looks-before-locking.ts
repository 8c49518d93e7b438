// Looks whether there is enough before it locks anything.
interface Locks {
  lock(account: number): void;
  unlock(account: number): void;
}

export function transfer(accounts: Int32Array, locks: Locks, from: number, to: number, amount: number): boolean {
  if (accounts[from]! < amount) return false;
  if (from === to) return true;
  const before = accounts[from]!;
  const [first, second] = from < to ? [from, to] : [to, from];
  locks.lock(first);
  locks.lock(second);
  accounts[from] = before - amount;
  accounts[to]! += amount;
  locks.unlock(second);
  locks.unlock(first);
  return true;
}
