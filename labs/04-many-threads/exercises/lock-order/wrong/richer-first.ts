// Locks the account that holds more first: that is an order too.
interface Locks {
  lock(account: number): void;
  unlock(account: number): void;
}

export function transfer(accounts: Int32Array, locks: Locks, from: number, to: number, amount: number): boolean {
  if (from === to) return accounts[from]! >= amount;
  const [first, second] = accounts[from]! >= accounts[to]! ? [from, to] : [to, from];
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
