/** Bytes in the unit that suits them, with three digits: 0 B, 1.5 KiB, 12 MiB. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${Math.round(bytes)} B`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  const size = Math.min(units.length, Math.floor(Math.log2(bytes) / 10));
  return `${Number((bytes / 1024 ** size).toPrecision(3))} ${units[size - 1] ?? ''}`;
}
