/** What a cell is called: by its array alone where that has no other. */
export function cellName(array: string, index: number, length: number): string {
  return length === 1 ? array : `${array}[${index}]`;
}

/** What arrays hold, by cell. */
export function contentsOf(arrays: Readonly<Record<string, ArrayLike<number>>>): Record<string, number> {
  return Object.fromEntries(Object.entries(arrays).flatMap(([name, cells]) => Array.from(cells, (value, i) => [cellName(name, i, cells.length), value] as const)));
}
