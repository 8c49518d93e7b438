import type { JSX } from 'preact';
import { line, type Shape } from './scene.ts';
import { SceneView } from './sceneView.tsx';

const SAMPLES: readonly { readonly words: string; readonly shapes: readonly Shape[] }[] = [
  { words: 'a step that was done', shapes: [{ kind: 'rect', role: 'accepted', x: 1, y: 3, width: 18, height: 14, radius: 3 }] },
  { words: 'a step to come', shapes: [{ kind: 'rect', role: 'not-started', x: 1, y: 3, width: 18, height: 14, radius: 3 }] },
  { words: 'it changed memory or a lock', shapes: [{ kind: 'rect', role: 'queued', x: 1, y: 3, width: 18, height: 14, radius: 2 }] },
  { words: 'load r x, or r ← x: reads x into register r; store x r, or x ← r: writes it', shapes: [line('segment-data', [18, 10], [3, 10]), line('segment-data', [8, 5], [3, 10], [8, 15])] },
  { words: 'it read or wrote memory', shapes: [line('bracket', [1, 10], [19, 10])] },
];

/** What the marks of an interleaving mean, each beside the mark itself. */
export function InterleavingsLegend(): JSX.Element {
  return (
    <ul class="legend" aria-label="Legend">
      {SAMPLES.map(({ words, shapes }, index) => (
        <li key={words}>
          <SceneView scene={{ width: 20, height: 20, name: '', shapes, marks: [] }} id={`interleavings-legend-${index}`} active={null} onPoint={() => undefined} />
          {words}
        </li>
      ))}
    </ul>
  );
}
