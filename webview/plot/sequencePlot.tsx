import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Buffers } from '../diagram/buffers.ts';
import { Picture } from '../diagram/picture.tsx';
import type { Moment } from '../player/timeline.ts';
import type { Controls } from '../player/usePlayback.ts';
import { SEQUENCE_GUTTER, sequenceScene } from './sequenceScene.ts';
import { timeScale } from './timeScale.ts';

interface Props {
  readonly id: string;
  readonly buffers: Buffers;
  readonly moments: readonly Moment[];
  readonly controls: Controls;
  readonly width: number;
  readonly highest: number;
}

/** Time against sequence, with the player's cursor; pressing in it brings the player there. */
export function SequencePlot({ id, buffers, moments, controls, width, highest }: Props): JSX.Element {
  const { playback, seek } = controls;
  const scale = useMemo(() => timeScale(moments, playback.axis, SEQUENCE_GUTTER, width - 8), [moments, playback.axis, width]);
  const scene = useMemo(() => sequenceScene(buffers, { width, scale, highest }), [buffers, width, scale, highest]);
  const x = scale.x(playback.moment, playback.fraction);
  const point = (event: PointerEvent): void => {
    if (event.buttons !== 1) return;
    const left = (event.currentTarget as SVGElement).getBoundingClientRect().left;
    seek(scale.positionAt(Math.max(scale.left, Math.min(scale.right, event.clientX - left))));
  };
  return (
    <Picture id={id} scene={scene} hint="Each bar is a segment, from its first byte to its last. Press in the plot to go there." onPointer={point}>
      <line class="s-cursor" x1={x} x2={x} y1={26} y2={scene.height - 38} />
    </Picture>
  );
}
