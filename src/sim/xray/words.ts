/** "1 process", "3 processes". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** The first few of a list, and how many more there are: `3, 4, 5 and 20 more`. */
export function some(items: readonly (number | string)[], most = 4): string {
  if (items.length <= most) return items.length > 1 ? `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}` : String(items[0] ?? '');
  return `${items.slice(0, most).join(', ')} and ${items.length - most} more`;
}
