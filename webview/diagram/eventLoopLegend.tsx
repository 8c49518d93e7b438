import type { JSX } from 'preact';
import type { Shape } from './scene.ts';
import { SceneView } from './sceneView.tsx';

const SAMPLES: readonly { readonly words: string; readonly shapes: readonly Shape[] }[] = [
  { words: 'cheap request, waits for the loop', shapes: [{ kind: 'circle', role: 'queued', x: 10, y: 10, radius: 8 }] },
  { words: 'heavy request', shapes: [{ kind: 'rect', role: 'queued', x: 2, y: 2, width: 16, height: 16, radius: 2 }] },
  {
    words: 'rim: time waited, full at 300 ms',
    shapes: [
      { kind: 'circle', role: 'queued', x: 10, y: 10, radius: 8 },
      { kind: 'arc', role: 'age', x: 10, y: 10, radius: 8, share: 0.35 },
    ],
  },
  { words: 'the loop runs it', shapes: [{ kind: 'circle', role: 'accepted', x: 10, y: 10, radius: 8 }] },
  { words: 'away in I/O', shapes: [{ kind: 'circle', role: 'half-open', x: 10, y: 10, radius: 8 }] },
  { words: 'a turn of the loop, in the plot', shapes: [{ kind: 'rect', role: 'bytes-flying', x: 1, y: 4, width: 18, height: 12 }] },
  { words: 'a wait, in the plot', shapes: [{ kind: 'rect', role: 'bytes-waiting', x: 1, y: 4, width: 18, height: 12 }] },
];

/** What the marks of the event loop and of its plot mean, each beside the mark itself. */
export function EventLoopLegend(): JSX.Element {
  return (
    <ul class="legend" aria-label="Legend">
      {SAMPLES.map(({ words, shapes }, index) => (
        <li key={words}>
          <SceneView scene={{ width: 20, height: 20, name: '', shapes, marks: [] }} id={`event-loop-legend-${index}`} active={null} onPoint={() => undefined} />
          {words}
        </li>
      ))}
    </ul>
  );
}
