import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Cores } from '../diagram/cores.ts';
import { Picture } from '../diagram/picture.tsx';
import { momentAt, type Moment } from '../player/timeline.ts';
import type { Controls } from '../player/usePlayback.ts';
import { coresPlotScene } from './coresPlotScene.ts';
import { timeScale } from './timeScale.ts';

interface Props {
  readonly id: string;
  readonly cores: Cores;
  readonly moments: readonly Moment[];
  readonly controls: Controls;
  readonly width: number;
  /** Room for the threads' names, in CSS pixels. */
  readonly gutter: number;
  readonly longestQueue: number;
}

/** Who ran when, with the player's cursor; pressing in it brings the player there. */
export function CoresPlot({ id, cores, moments, controls, width, gutter, longestQueue }: Props): JSX.Element {
  const { playback, seek } = controls;
  // Always to scale: how long is what the picture is about.
  const scale = useMemo(() => timeScale(moments, 'time', gutter, width - 8), [moments, gutter, width]);
  const scene = useMemo(() => coresPlotScene(cores, { width, scale, longestQueue }), [cores, width, scale, longestQueue]);
  const x = scale.xOfTime(playback.timeNs);
  const point = (event: PointerEvent): void => {
    if (event.buttons !== 1) return;
    const left = (event.currentTarget as SVGElement).getBoundingClientRect().left;
    const timeNs = scale.positionAt(Math.max(scale.left, Math.min(scale.right, event.clientX - left)));
    seek(playback.axis === 'time' ? timeNs : momentAt(moments, timeNs));
  };
  return (
    <Picture id={id} scene={scene} hint="Filled: it runs. Hatched: it is ready. Press in the plot to go there." onPointer={point}>
      <line class="s-cursor" x1={x} x2={x} y1={24} y2={scene.height - 38} />
    </Picture>
  );
}
