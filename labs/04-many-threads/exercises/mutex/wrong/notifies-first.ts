export function lock(cells: Int32Array, me: number): void {
  if (Atomics.load(cells, 2) === me) throw new Error('held already');
  const t = Atomics.add(cells, 0, 1);
  for (let s; (s = Atomics.load(cells, 1)) !== t; ) Atomics.wait(cells, 1, s);
  Atomics.store(cells, 2, me);
}
export function unlock(cells: Int32Array, me: number): void {
  if (Atomics.load(cells, 2) !== me) throw new Error('not yours');
  Atomics.store(cells, 2, 0);
  Atomics.notify(cells, 1);
  Atomics.add(cells, 1, 1);
}
