export function add(stock: Int32Array, amount: number): void {
  Atomics.add(stock, 0, amount);
}
export function take(stock: Int32Array, amount: number): boolean {
  for (;;) {
    const have = Atomics.load(stock, 0);
    if (have <= amount) return false;
    if (Atomics.compareExchange(stock, 0, have, have - amount) === have) return true;
  }
}
