/** Three significant digits, without needless zeros: 0.703, 12.4, 1,020. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.floor(Math.log10(Math.abs(value)));
  const rounded = size >= 3 ? Math.round(value) : Number(value.toPrecision(3));
  return rounded.toLocaleString('en-US', { maximumFractionDigits: Math.max(0, 2 - size) });
}

/** A moment or a span in the unit that suits it: 640 ns, 12 µs, 0.703 ms, 1.02 s. */
export function formatTime(timeNs: number): string {
  const size = Math.abs(timeNs);
  if (size === 0) return '0 ms';
  if (size < 1e3) return `${formatNumber(timeNs)} ns`;
  if (size < 1e5) return `${formatNumber(timeNs / 1e3)} µs`;
  if (size < 1e9) return `${formatNumber(timeNs / 1e6)} ms`;
  return `${formatNumber(timeNs / 1e9)} s`;
}

/** "1 client", "3 clients". */
export function plural(count: number, noun: string): string {
  return `${formatNumber(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** A value with its unit; units that are nouns agree with the number. */
export function withUnit(value: number | null, unit: string): string {
  if (value === null) return 'none';
  return unit === '' ? formatNumber(value) : `${formatNumber(value)} ${Math.abs(value) === 1 ? singular(unit) : unit}`;
}

/** "request" of "requests", "process" of "processes"; what is no noun in the plural stays: ms, MiB, answers/s. */
function singular(unit: string): string {
  return /^[A-Za-z]{3,}s$/.test(unit) ? unit.replace(/(?<=ss|ch|sh|x)es$|s$/, '') : unit;
}
