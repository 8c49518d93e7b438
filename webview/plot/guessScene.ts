import type { PredictionView } from '../../src/shared/protocol.ts';
import { line, text, textWidth, type Mark, type Scene, type Shape } from '../diagram/scene.ts';
import { formatNumber, withUnit } from '../format.ts';

const SIDE = 12;

/** A prediction's range as a line: what was said above it, hollow; what was measured below it, filled; the gap between them hatched. */
export function guessScene({ said, unit, minimum, maximum, recalled }: PredictionView, width: number): Scene {
  const x = (value: number): number => SIDE + ((Math.max(minimum, Math.min(maximum, value)) - minimum) / Math.max(1e-9, maximum - minimum)) * (width - 2 * SIDE);
  const axisY = typeof said === 'number' ? 32 : 12;
  const came = recalled?.measured ?? recalled?.simulated ?? null;
  const shapes: Shape[] = [line('axis', [SIDE, axisY], [width - SIDE, axisY])];
  const marks: Mark[] = [];
  if (typeof said === 'number' && came !== null && said !== came) {
    const [from, to] = [x(said), x(came)].sort((a, b) => a - b) as [number, number];
    shapes.push({ kind: 'rect', role: 'difference', x: from, y: axisY - 3, width: to - from, height: 6 });
  }
  if (typeof said === 'number') marks.push(labelled('said', x(said), `you: ${formatNumber(said)}`, -1, 'predicted-dot', width, axisY, `You said ${withUnit(said, unit)}.`));
  if (came !== null) {
    const what = recalled?.measured === null ? 'simulated' : 'measured';
    marks.push(labelled('came', x(came), `${what}: ${formatNumber(came)}`, 1, 'measured-dot', width, axisY, `It was ${withUnit(came, unit)}, ${what}.`));
  }
  const ends = [text('text-quiet', 0, axisY + 38, formatNumber(minimum)), text('text-quiet', width, axisY + 38, withUnit(maximum, unit), 'end')];
  return { width, height: axisY + 44, name: `Your prediction and what came, from ${formatNumber(minimum)} to ${withUnit(maximum, unit)}.`, shapes: [...shapes, ...ends], marks };
}

function labelled(id: string, x: number, words: string, side: 1 | -1, role: 'predicted-dot' | 'measured-dot', width: number, y: number, name: string): Mark {
  const half = textWidth(words) / 2;
  const at = Math.max(half, Math.min(width - half, x));
  const shapes: Shape[] = [
    { kind: 'circle', role, x: 0, y: 0, radius: role === 'predicted-dot' ? 8 : 5 },
    text('text', at - x, side < 0 ? -14 : 22, words, 'middle'),
  ];
  return { id, x, y, name, shapes };
}
