import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { EventLoop } from '../diagram/eventLoop.ts';
import { Picture } from '../diagram/picture.tsx';
import { momentAt, type Moment } from '../player/timeline.ts';
import type { Controls } from '../player/usePlayback.ts';
import { LOOP_GUTTER, loopScene } from './loopScene.ts';
import { timeScale } from './timeScale.ts';

interface Props {
  readonly id: string;
  readonly loop: EventLoop;
  readonly moments: readonly Moment[];
  readonly controls: Controls;
  readonly width: number;
  readonly mostWaiting: number;
}

/** What the loop ran over time, always to scale, since how long is what it is about; with the player's cursor, and pressing in it brings the player there. */
export function LoopPlot({ id, loop, moments, controls, width, mostWaiting }: Props): JSX.Element {
  const { playback, seek } = controls;
  const scale = useMemo(() => timeScale(moments, 'time', LOOP_GUTTER, width - 8), [moments, width]);
  const scene = useMemo(() => loopScene(loop, { width, scale, mostWaiting }), [loop, width, scale, mostWaiting]);
  const x = scale.xOfTime(playback.timeNs);
  const point = (event: PointerEvent): void => {
    if (event.buttons !== 1) return;
    const left = (event.currentTarget as SVGElement).getBoundingClientRect().left;
    const timeNs = scale.positionAt(Math.max(scale.left, Math.min(scale.right, event.clientX - left)));
    seek(playback.axis === 'time' ? timeNs : momentAt(moments, timeNs));
  };
  return (
    <Picture id={id} scene={scene} hint="Hatched: it waits for the loop. Filled: the loop runs it. Press in the plot to go there." onPointer={point}>
      <line class="s-cursor" x1={x} x2={x} y1={24} y2={scene.height - 38} />
    </Picture>
  );
}
