import type { JSX } from 'preact';
import { line, type Shape } from './scene.ts';
import { SceneView } from './sceneView.tsx';

const SAMPLES: readonly { readonly words: string; readonly shapes: readonly Shape[] }[] = [
  { words: 'frame that two or more tables point to', shapes: [{ kind: 'rect', role: 'bytes-flying', x: 1, y: 4, width: 18, height: 12 }] },
  {
    words: 'a write to it faults',
    shapes: [
      { kind: 'rect', role: 'lock', x: 5.5, y: 9, width: 9, height: 7, radius: 1 },
      line('lock-shackle', [7.5, 9], [7.5, 6.5], [8.5, 5], [11.5, 5], [12.5, 6.5], [12.5, 9]),
    ],
  },
  { words: 'copy: the parent’s alone', shapes: [{ kind: 'rect', role: 'bytes-waiting', x: 1, y: 4, width: 18, height: 12 }] },
  { words: 'frame that the child is left with', shapes: [{ kind: 'rect', role: 'slot', x: 1, y: 4, width: 18, height: 12 }] },
  { words: 'room that no copy has taken', shapes: [{ kind: 'rect', role: 'slot-extra', x: 1, y: 4, width: 18, height: 12 }] },
  { words: 'where a pointer was before', shapes: [line('ghost', [1, 10], [19, 10])] },
];

/** What the marks of the copy-on-write picture mean, each beside the mark itself. */
export function CopyOnWriteLegend(): JSX.Element {
  return (
    <ul class="legend" aria-label="Legend">
      {SAMPLES.map(({ words, shapes }, index) => (
        <li key={words}>
          <SceneView scene={{ width: 20, height: 20, name: '', shapes, marks: [] }} id={`copy-legend-${index}`} active={null} onPoint={() => undefined} />
          {words}
        </li>
      ))}
    </ul>
  );
}
