import type { Comparison } from '../../src/shared/report.ts';
import { cross, line, text, textWidth, type Mark, type Scene, type Shape } from '../diagram/scene.ts';
import { formatNumber } from '../format.ts';
import { niceStep } from './timeScale.ts';

const ROW_PX = 66;
const TOP = 8;
const AXIS_PX = 38;
const RADIUS = 5;

/** Each quantity of one unit from all sides: predicted hollow, measured filled, and where the wrong model that it exposes would have put it. */
export function latencyScene(comparisons: readonly Comparison[], width: number, unit = 'ms'): Scene {
  const rows = comparisons.filter((row) => row.unit === unit);
  const values = rows.flatMap((row) => [row.predicted, row.measured, row.wrongModel?.predicted ?? null]).filter((value) => value !== null);
  const step = niceStep(Math.max(1, ...values) / 4);
  const most = step * Math.ceil(Math.max(1, ...values) / step);
  const left = 10;
  const right = width - 14;
  const x = (value: number): number => left + (value / most) * (right - left);
  const bottom = TOP + rows.length * ROW_PX;
  const shapes: Shape[] = [line('axis', [left, bottom], [right, bottom])];
  let free = -Infinity;
  for (let value = 0; value <= most; value += step) {
    shapes.push(line('grid', [x(value), TOP], [x(value), bottom]));
    const half = textWidth(formatNumber(value)) / 2;
    if (x(value) - half < free || x(value) + half > width) continue;
    shapes.push(text('text-quiet', Math.max(half, x(value)), bottom + 18, formatNumber(value), 'middle'));
    free = x(value) + half + 8;
  }
  shapes.push(text('text-quiet', left, bottom + 34, unit));
  const marks = rows.map((row, index): Mark => rowMark(row, TOP + index * ROW_PX, x, width));
  return { width, height: bottom + AXIS_PX, name: `${rows.length} ${unit === 'ms' ? 'latencies' : 'quantities'}, each predicted, measured, and by a wrong model.`, shapes, marks };
}

function rowMark({ quantity, label, unit, predicted, measured, wrongModel, why }: Comparison, y: number, x: (value: number) => number, width: number): Mark {
  const middle = 48;
  const both = `predicted ${told(predicted, unit)}, measured ${told(measured, unit)}`;
  const shapes: Shape[] = [text('text', 4, 14, fitting(label, width)), text('text-quiet', 4, 31, both.length * textWidth('x') + 8 <= width ? both : `predicted ${bare(predicted)}, measured ${bare(measured)}`)];
  const wrong = wrongModel?.predicted ?? null;
  if (wrong !== null) shapes.push(...cross(x(wrong), middle, 5), wrongWords(x(wrong), middle, wrong, width));
  if (measured !== null && predicted !== null && Math.abs(x(measured) - x(predicted)) > 2 * RADIUS) shapes.push(line('difference', [x(predicted), middle], [x(measured), middle]));
  if (measured !== null) shapes.push({ kind: 'circle', role: 'measured-dot', x: x(measured), y: middle, radius: RADIUS - 1 });
  if (predicted !== null) shapes.push({ kind: 'circle', role: 'predicted-dot', x: x(predicted), y: middle, radius: RADIUS + 1 });
  const against = wrongModel ? ` “${wrongModel.name}” would make it ${told(wrong, unit)}.` : '';
  return { id: `latency-${quantity}`, x: 0, y, name: `${label}: predicted ${told(predicted, unit)}, measured ${told(measured, unit)}.${against}${measured === null ? ` ${why}` : ''}`, shapes };
}

/** The wrong model's number beside its ✕, on the side that has room. */
function wrongWords(x: number, y: number, value: number, width: number): Shape {
  const words = formatNumber(value);
  const fits = x + 10 + textWidth(words) <= width - 4;
  return text('text-lost', fits ? x + 10 : x - 10, y + 4, words, fits ? 'start' : 'end');
}

/** Where there is no room for the unit, which the axis has as well. */
function bare(value: number | null): string {
  return value === null ? 'nothing' : formatNumber(value);
}

function told(value: number | null, unit: string): string {
  return value === null ? 'nothing' : `${formatNumber(value)} ${unit}`;
}

function fitting(label: string, width: number): string {
  const room = Math.floor((width - 8) / textWidth('x'));
  return label.length <= room ? label : `${label.slice(0, room - 1)}…`;
}
