import type { JSX } from 'preact';
import { line, type Shape } from './scene.ts';
import { SceneView } from './sceneView.tsx';

const SAMPLES: readonly { readonly words: string; readonly shapes: readonly Shape[] }[] = [
  { words: 'a segment with data', shapes: [line('segment-data', [1, 6], [14, 12]), { kind: 'path', role: 'arrow-head', closed: true, points: [[20, 14], [12, 14], [14, 8]] }] },
  { words: 'a segment without: an ACK, SYN or FIN', shapes: [line('segment-ack', [1, 6], [14, 12]), { kind: 'path', role: 'arrow-head', closed: true, points: [[20, 14], [12, 14], [14, 8]] }] },
  { words: 'written bytes that wait', shapes: [{ kind: 'rect', role: 'connecting', x: 5, y: 1, width: 10, height: 18, radius: 3 }] },
  { words: 'an ACK that is put off', shapes: [{ kind: 'rect', role: 'put-off', x: 5, y: 1, width: 10, height: 18, radius: 3 }] },
  { words: 'a long wait, left out', shapes: [line('zigzag', [10, 1], [5, 7], [15, 13], [10, 19])] },
  { words: 'still to come', shapes: [line('ghost-arrow', [1, 10], [19, 10])] },
];

/** What the marks of a ladder mean, each beside the mark itself. */
export function LadderLegend(): JSX.Element {
  return (
    <ul class="legend" aria-label="Legend">
      {SAMPLES.map(({ words, shapes }, index) => (
        <li key={words}>
          <SceneView scene={{ width: 20, height: 20, name: '', shapes, marks: [] }} id={`ladder-legend-${index}`} active={null} onPoint={() => undefined} />
          {words}
        </li>
      ))}
    </ul>
  );
}
