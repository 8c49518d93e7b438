interface Locks {
  lock(account: number): void;
  unlock(account: number): void;
}
export function transfer(accounts: Int32Array, locks: Locks, from: number, to: number, amount: number): boolean {
  if (accounts[from]! < amount) return false;
  const both = [...new Set([from, to])].sort((a, b) => a - b);
  for (const x of both) locks.lock(x);
  accounts[from]! -= amount;
  accounts[to]! += amount;
  for (const x of both) locks.unlock(x);
  return true;
}
