import { line, text, type Shape } from '../diagram/scene.ts';
import type { TimeScale } from './timeScale.ts';

/** Ticks with their times, and a zigzag with its length for each wait that is drawn narrower than it is; `before` stands before such a length. */
export function timeAxis(scale: TimeScale, top: number, before = ''): Shape[] {
  const shapes: Shape[] = [];
  for (const gap of scale.gaps) {
    const mid = (gap.from + gap.to) / 2;
    shapes.push(line('axis', [mid - 8, top], [mid - 4, top - 4], [mid, top + 4], [mid + 4, top - 4], [mid + 8, top]), text('text-quiet', mid, top + 16, `${before}${gap.label}`, 'middle'));
  }
  let right = -Infinity;
  for (const { x, label } of scale.ticks) {
    const half = (label.length * 6.9) / 2;
    const at = Math.max(half, Math.min(scale.right + 8 - half, x));
    if (at - half < right + 6) continue;
    right = at + half;
    shapes.push(line('axis', [x, top], [x, top + 4]), text('text', at, top + 32, label, 'middle'));
  }
  return shapes;
}
