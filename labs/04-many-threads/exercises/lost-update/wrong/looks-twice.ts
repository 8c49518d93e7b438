// Compares with what it has just read again.
export function add(stock: Int32Array, amount: number): void {
  Atomics.add(stock, 0, amount);
}

export function take(stock: Int32Array, amount: number): boolean {
  while (Atomics.load(stock, 0) >= amount) {
    const there = Atomics.load(stock, 0);
    if (Atomics.compareExchange(stock, 0, there, there - amount) === there) return true;
  }
  return false;
}
