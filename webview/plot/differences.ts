import { line, text, type Shape } from '../diagram/scene.ts';
import { formatNumber } from '../format.ts';
import type { Series } from './series.ts';
import type { TimeScale } from './timeScale.ts';

export const STRIP_HEIGHT = 40;

/** Measured − predicted at each sample: bars up and down from zero, hatched, the largest named. */
export function differenceStrip(predicted: Series, measured: Series, scale: TimeScale, top: number): Shape[] {
  const middle = top + 28;
  const differences = measured.said.map((moment) => ({ x: scale.x(moment), by: (measured.values[moment] as number) - (predicted.values[moment] as number) }));
  const largest = differences.reduce((most, each) => (Math.abs(each.by) > Math.abs(most) ? each.by : most), 0);
  const words = largest === 0 ? 'difference: 0 at every sample' : `difference: at most ${largest > 0 ? '+' : '−'}${formatNumber(Math.abs(largest))}`;
  const bars = differences
    .filter(({ by }) => by !== 0)
    .map(({ x, by }): Shape => {
      const height = Math.max(2, (Math.abs(by) / Math.abs(largest)) * 8);
      return { kind: 'rect', role: 'difference', x: x - 1.5, y: by > 0 ? middle - height : middle, width: 3, height };
    });
  return [text('text-quiet', scale.left, top + 14, words), line('axis', [scale.left, middle], [scale.right, middle]), ...bars];
}
