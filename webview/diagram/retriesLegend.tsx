import type { JSX } from 'preact';
import { cross, line, type Shape } from './scene.ts';
import { SceneView } from './sceneView.tsx';

const DIAMOND = [[10, 2], [18, 10], [10, 18], [2, 10]] as const;
const SAMPLES: readonly { readonly words: string; readonly shapes: readonly Shape[] }[] = [
  { words: 'an attempt', shapes: [{ kind: 'circle', role: 'connected', x: 10, y: 10, radius: 6 }] },
  { words: 'a charge', shapes: [{ kind: 'path', role: 'accepted', closed: true, points: DIAMOND }] },
  { words: 'a charge too many', shapes: [{ kind: 'path', role: 'failed', closed: true, points: DIAMOND }] },
  { words: 'the client knows', shapes: [line('connected', [4, 10], [8, 14], [16, 5])] },
  { words: 'lost, killed or given up', shapes: cross(10, 10, 6) },
  { words: 'the client waits before it tries again', shapes: [{ kind: 'rect', role: 'connecting', x: 5, y: 1, width: 10, height: 18, radius: 3 }] },
  { words: 'one intent, whatever it takes', shapes: [line('bracket', [14, 2], [6, 2], [6, 18], [14, 18])] },
  { words: 'still to come', shapes: [{ kind: 'circle', role: 'not-started', x: 6, y: 10, radius: 5 }, line('ghost-arrow', [13, 10], [20, 10])] },
];

/** What the marks of retries mean, each beside the mark itself. `twins`: where predicted and measured stand side by side. */
export function RetriesLegend({ twins }: { readonly twins: boolean }): JSX.Element {
  return (
    <ul class="legend" aria-label="Legend">
      {SAMPLES.map(({ words, shapes }, index) => (
        <li key={words}>
          <SceneView scene={{ width: 20, height: 20, name: '', shapes, marks: [] }} id={`retries-legend-${index}`} active={null} onPoint={() => undefined} />
          {words}
        </li>
      ))}
      {twins && (
        <li>
          <strong>≠</strong> came to something else than was predicted
        </li>
      )}
    </ul>
  );
}
