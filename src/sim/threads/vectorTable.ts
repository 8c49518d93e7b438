/** Numbers vectors of one width: equal vectors have one number, from 0 in the order in which they are first seen. */
export class VectorTable {
  private readonly rows: number[] = [];
  private readonly numbers = new Map<string, number>();
  /** Per field, what `with` has answered: value → (vector → vector). */
  private readonly changes: Map<number, Map<number, number>>[];

  constructor(private readonly width: number) {
    this.changes = Array.from({ length: width }, () => new Map<number, Map<number, number>>());
  }

  number(vector: readonly number[]): number {
    const key = vector.join();
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const fresh = this.numbers.size;
    this.numbers.set(key, fresh);
    this.rows.push(...vector);
    return fresh;
  }

  get(vector: number, field: number): number {
    return this.rows[vector * this.width + field] as number;
  }

  /** The number of the vector that differs from `vector` in one field. */
  with(vector: number, field: number, value: number): number {
    if (this.get(vector, field) === value) return vector;
    const changes = this.changes[field] as Map<number, Map<number, number>>;
    let answers = changes.get(value);
    if (!answers) changes.set(value, (answers = new Map<number, number>()));
    const known = answers.get(vector);
    if (known !== undefined) return known;
    const changed = this.rows.slice(vector * this.width, (vector + 1) * this.width);
    changed[field] = value;
    const after = this.number(changed);
    answers.set(vector, after);
    return after;
  }
}
