import type { JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { Trace } from '../../src/shared/trace.ts';
import { Picture } from '../diagram/picture.tsx';
import { useWidth } from '../player/useWidth.ts';
import { connectScene } from './connectScene.ts';

/** How long each client's connect() took, predicted and measured. */
export function ConnectPlot({ predicted, measured }: { readonly predicted: Trace; readonly measured: Trace }): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame, 900);
  const scene = useMemo(() => connectScene(predicted, measured, width), [predicted, measured, width]);
  return (
    <div ref={frame}>
      <Picture id="connect-plot" scene={scene} hint="Hollow: predicted. Filled: measured. Hatched: the distance between them. ✕: never connected." />
    </div>
  );
}
