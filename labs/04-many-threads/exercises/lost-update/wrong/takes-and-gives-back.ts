// Takes first, and gives back what was not there.
export function add(stock: Int32Array, amount: number): void {
  Atomics.add(stock, 0, amount);
}

export function take(stock: Int32Array, amount: number): boolean {
  if (Atomics.sub(stock, 0, amount) >= amount) return true;
  Atomics.add(stock, 0, amount);
  return false;
}
