// Refuses where another thread was quicker.
export function add(stock: Int32Array, amount: number): void {
  Atomics.add(stock, 0, amount);
}

export function take(stock: Int32Array, amount: number): boolean {
  const there = Atomics.load(stock, 0);
  if (there < amount) return false;
  return Atomics.compareExchange(stock, 0, there, there - amount) === there;
}
