/** What every engine is timed on: a queue with `servers` servers, or the hold model with `size` pending events. */
export type Row =
  | { readonly title: string; readonly kind: 'queue'; readonly lambda: number; readonly servers: number }
  | { readonly title: string; readonly kind: 'hold'; readonly size: number };

export const rows: readonly Row[] = [
  { title: 'M/M/1, 1 000 000 customers', kind: 'queue', lambda: 0.9, servers: 1 },
  { title: 'M/M/4, 1 000 000 customers', kind: 'queue', lambda: 3.6, servers: 4 },
  { title: 'hold, 100 pending', kind: 'hold', size: 100 },
  { title: 'hold, 10 000 pending', kind: 'hold', size: 10_000 },
  { title: 'hold, 1 000 000 pending', kind: 'hold', size: 1_000_000 },
];
