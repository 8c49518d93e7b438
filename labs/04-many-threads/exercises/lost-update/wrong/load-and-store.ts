// Atomics for each access, so that no access is torn.
export function add(stock: Int32Array, amount: number): void {
  Atomics.store(stock, 0, Atomics.load(stock, 0) + amount);
}

export function take(stock: Int32Array, amount: number): boolean {
  let there = Atomics.load(stock, 0);
  while (there >= amount) {
    const found = Atomics.compareExchange(stock, 0, there, there - amount);
    if (found === there) return true;
    there = found;
  }
  return false;
}
