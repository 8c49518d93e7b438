import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Trace } from '../../src/shared/trace.ts';
import type { Limits } from '../diagram/limits.ts';
import { Picture } from '../diagram/picture.tsx';
import type { Moment } from '../player/timeline.ts';
import type { Controls } from '../player/usePlayback.ts';
import { depthScene } from './depthScene.ts';

interface Props {
  readonly name: string;
  readonly traces: readonly [Trace, Trace?];
  readonly limits: Limits;
  readonly moments: readonly Moment[];
  readonly controls: Controls;
  readonly width: number;
}

/** Queue lengths over time, with the player's cursor; pressing in it brings the player there. */
export function DepthPlot({ name, traces, limits, moments, controls, width }: Props): JSX.Element {
  const [first, second] = traces;
  const { playback, seek } = controls;
  const { scene, scale } = useMemo(() => depthScene([first, second], { width, limits, moments, axis: playback.axis }), [first, second, width, limits, moments, playback.axis]);
  const x = scale.x(playback.moment, playback.fraction);
  const point = (event: PointerEvent): void => {
    if (event.buttons !== 1) return;
    const left = (event.currentTarget as SVGElement).getBoundingClientRect().left;
    seek(scale.positionAt(Math.max(scale.left, Math.min(scale.right, event.clientX - left))));
  };
  const hint = second ? 'Dashed: predicted. Solid, with dots where the kernel was read: measured. ✕: turned away in the prediction.' : 'Dashed line: what a queue holds. ✕: turned away.';
  return (
    <Picture id={`${name}-plot`} scene={scene} hint={`${hint} Press in the plot to go there.`} onPointer={point}>
      <line class="s-cursor" x1={x} x2={x} y1={0} y2={scene.height - 38} />
    </Picture>
  );
}
