interface Locks {
  lock(account: number): void;
  unlock(account: number): void;
}
export function transfer(accounts: Int32Array, locks: Locks, from: number, to: number, amount: number): boolean {
  if (from === to) return true;
  const [a, b] = from < to ? [from, to] : [to, from];
  locks.lock(a!);
  locks.lock(b!);
  try {
  if (accounts[from]! < amount) return false;
  accounts[from]! -= amount;
  accounts[to]! += amount;
  return true;
  } finally {
    locks.unlock(b!);
    locks.unlock(a!);
  }
}
