import type { JSX } from 'preact';
import { line, type Shape } from './scene.ts';
import { SceneView } from './sceneView.tsx';

const SAMPLES: readonly { readonly words: string; readonly shapes: readonly Shape[] }[] = [
  { words: 'runs on a core', shapes: [{ kind: 'rect', role: 'bytes-flying', x: 1, y: 4, width: 18, height: 12 }] },
  { words: 'ready: waits for a core', shapes: [{ kind: 'rect', role: 'bytes-waiting', x: 1, y: 4, width: 18, height: 12 }] },
  { words: 'asleep', shapes: [line('axis', [1, 10], [19, 10])] },
  { words: 'done', shapes: [{ kind: 'rect', role: 'ghost', x: 1, y: 4, width: 18, height: 12 }] },
];

/** What the marks of the cores and of their plot mean, each beside the mark itself. */
export function CoresLegend(): JSX.Element {
  return (
    <ul class="legend" aria-label="Legend">
      {SAMPLES.map(({ words, shapes }, index) => (
        <li key={words}>
          <SceneView scene={{ width: 20, height: 20, name: '', shapes, marks: [] }} id={`cores-legend-${index}`} active={null} onPoint={() => undefined} />
          {words}
        </li>
      ))}
    </ul>
  );
}
