import type { JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { Comparison } from '../../src/shared/report.ts';
import { Picture } from '../diagram/picture.tsx';
import { useWidth } from '../player/useWidth.ts';
import { latencyScene } from './latencyScene.ts';

/** Each latency of the comparison from all sides; with a unit, each quantity of that unit. */
export function LatencyPlot({ comparisons, unit }: { readonly comparisons: readonly Comparison[]; readonly unit?: string }): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame, 720);
  const scene = useMemo(() => latencyScene(comparisons, width, unit), [comparisons, width, unit]);
  return (
    <div ref={frame}>
      <Picture id="latency-plot" scene={scene} hint="Hollow: predicted. Filled: measured. ✕: where a wrong model would have put it; point at a row for its name." />
    </div>
  );
}
