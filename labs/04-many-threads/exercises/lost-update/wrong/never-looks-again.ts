// Tries until it works, always with what it saw at first.
export function add(stock: Int32Array, amount: number): void {
  const there = Atomics.load(stock, 0);
  while (Atomics.compareExchange(stock, 0, there, there + amount) !== there);
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
