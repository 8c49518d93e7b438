import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { PredictionView } from '../../src/shared/protocol.ts';
import { SceneView } from '../diagram/sceneView.tsx';
import { useWidth } from '../player/useWidth.ts';
import { guessScene } from './guessScene.ts';

/** The line of numbers that a guess could be on, with the guess and what came. */
export function Guess({ prediction }: { readonly prediction: PredictionView }): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame, 560, 200);
  return (
    <div ref={frame} class="picture-frame">
      <SceneView scene={guessScene(prediction, width)} id={`guess-${prediction.id}`} active={null} onPoint={() => undefined} />
    </div>
  );
}
