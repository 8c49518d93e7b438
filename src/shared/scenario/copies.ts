/** `{name: "t", count: 2}` is t1 and t2; without a count it is itself. */
export function copies<T extends { readonly name: string; readonly count?: number | undefined }>(described: T): Omit<T, 'count'>[] {
  const { count, ...each } = described;
  if (count === undefined) return [each];
  return Array.from({ length: count }, (_, i) => ({ ...each, name: `${each.name}${i + 1}` }));
}
