// A shop's stock: one number in memory that all of its threads share. stock[0] is how many there are.
//
//   add(stock, amount)   puts `amount` into stock; nothing that was added may get lost
//   take(stock, amount)  takes `amount` out and returns true where there is enough, else takes nothing and returns false;
//                        stock[0] is never below 0, not for a moment, and nobody is refused what is there

export function add(stock: Int32Array, amount: number): void {
  // ▼ Your work starts here: this is right for one thread, and loses updates with two.
  stock[0]! += amount;
}

export function take(stock: Int32Array, amount: number): boolean {
  if (stock[0]! < amount) return false;
  stock[0]! -= amount;
  return true;
}
