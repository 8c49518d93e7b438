import type { JSX } from 'preact';
import { LANE_SAMPLES } from './patternsLanes.ts';
import type { Shape } from './scene.ts';
import { SceneView } from './sceneView.tsx';

const SAMPLES: readonly { readonly words: string; readonly shapes: readonly Shape[] }[] = [
  { words: 'a quick request, waits', shapes: [{ kind: 'circle', role: 'queued', x: 10, y: 10, radius: 6 }] },
  { words: 'a heavy one', shapes: [{ kind: 'rect', role: 'queued', x: 4, y: 4, width: 12, height: 12 }] },
  { words: 'is computed', shapes: [{ kind: 'circle', role: 'accepted', x: 10, y: 10, radius: 6 }] },
  { words: 'is in I/O', shapes: [{ kind: 'circle', role: 'half-open', x: 10, y: 10, radius: 6 }] },
];

/** What the marks of the small multiples mean, each beside the mark itself. */
export function PatternsLegend(): JSX.Element {
  return (
    <ul class="legend" aria-label="Legend">
      {[...SAMPLES, ...LANE_SAMPLES].map(({ words, shapes }, index) => (
        <li key={index}>
          <SceneView scene={{ width: 20, height: 20, name: '', shapes, marks: [] }} id={`patterns-legend-${index}`} active={null} onPoint={() => undefined} />
          {words}
        </li>
      ))}
    </ul>
  );
}
