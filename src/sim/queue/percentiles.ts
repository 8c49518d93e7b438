/** Percentiles by their number in text, as `"99.9"`; null where nothing was observed. */
export interface Percentiles {
  readonly '50': number | null;
  readonly '90': number | null;
  readonly '99': number | null;
  readonly '99.9': number | null;
}

/** Exact percentiles: the smallest value that at least so many of a hundred do not exceed (nearest rank). Sorts `values` in place. */
export function percentiles(values: Float64Array): Percentiles {
  values.sort();
  const rank = (perMille: number): number | null => values[Math.max(0, Math.ceil((perMille * values.length) / 1000) - 1)] ?? null;
  return { '50': rank(500), '90': rank(900), '99': rank(990), '99.9': rank(999) };
}

/** The mean of `values`; null where there are none. */
export function meanOrNull(values: Float64Array): number | null {
  if (values.length === 0) return null;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}
