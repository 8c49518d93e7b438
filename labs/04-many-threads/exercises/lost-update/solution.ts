// A shop's stock: one number in memory that all of its threads share. stock[0] is how many there are.

export function add(stock: Int32Array, amount: number): void {
  Atomics.add(stock, 0, amount);
}

export function take(stock: Int32Array, amount: number): boolean {
  let there = Atomics.load(stock, 0);
  while (there >= amount) {
    // Takes only if what was decided upon is still so; else decides again, by what is there now.
    const found = Atomics.compareExchange(stock, 0, there, there - amount);
    if (found === there) return true;
    there = found;
  }
  return false;
}
