// Looks whether there is enough, then takes it by one atomic step.
export function add(stock: Int32Array, amount: number): void {
  Atomics.add(stock, 0, amount);
}

export function take(stock: Int32Array, amount: number): boolean {
  if (Atomics.load(stock, 0) < amount) return false;
  Atomics.sub(stock, 0, amount);
  return true;
}
