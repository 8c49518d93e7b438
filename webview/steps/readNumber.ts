import { formatNumber } from '../format.ts';

interface Range {
  readonly minimum: number;
  readonly maximum: number;
  readonly unit?: string;
}

/** A typed number, or the sentence that says what may be typed. A comma counts as a decimal point. */
export function readNumber(typed: string, { minimum, maximum, unit = '' }: Range): { readonly value: number } | { readonly problem: string } {
  const text = typed.trim().replace(',', '.');
  if (text === '') return { problem: 'Type a number, or skip this question.' };
  const value = Number(text);
  if (!Number.isFinite(value)) return { problem: `"${typed.trim()}" is not a number. Type digits only.` };
  if (value < minimum || value > maximum) return { problem: `Type a number from ${formatNumber(minimum)} to ${formatNumber(maximum)}${unit === '' ? '' : ` ${unit}`}.` };
  return { value };
}
