import type { JSX } from 'preact';
import { cross, line, type Shape } from './scene.ts';
import { SceneView } from './sceneView.tsx';

const SAMPLES: readonly { readonly words: string; readonly shapes: readonly Shape[] }[] = [
  {
    words: 'half-open: SYN seen, ACK awaited',
    shapes: [
      { kind: 'circle', role: 'half-open', x: 10, y: 10, radius: 8 },
      { kind: 'path', role: 'half-fill', closed: true, points: Array.from({ length: 13 }, (_, i) => [10 + 8 * Math.cos((i * Math.PI) / 12), 10 + 8 * Math.sin((i * Math.PI) / 12)] as const) },
    ],
  },
  { words: 'connected, waits for accept()', shapes: [{ kind: 'circle', role: 'queued', x: 10, y: 10, radius: 8 }] },
  {
    words: 'rim: time waited, full at 1 s',
    shapes: [
      { kind: 'circle', role: 'queued', x: 10, y: 10, radius: 8 },
      { kind: 'arc', role: 'age', x: 10, y: 10, radius: 8, share: 0.35 },
    ],
  },
  { words: 'accepted, has a descriptor', shapes: [{ kind: 'circle', role: 'accepted', x: 10, y: 10, radius: 8 }] },
  { words: 'the slot beyond the backlog', shapes: [{ kind: 'rect', role: 'slot-extra', x: 1, y: 3, width: 18, height: 14, radius: 3 }] },
  { words: 'turned away or lost', shapes: cross(10, 10, 5) },
  { words: 'believes it is connected', shapes: [{ kind: 'rect', role: 'deceived', x: 1, y: 3, width: 18, height: 14, radius: 3 }, line('connected', [5, 10], [8, 13], [14, 6])] },
  { words: 'client connected', shapes: [line('connected', [4, 10], [8, 14], [16, 5])] },
];

/** What the marks mean, each beside the mark itself. */
export function Legend(): JSX.Element {
  return (
    <ul class="legend" aria-label="Legend">
      {SAMPLES.map(({ words, shapes }, index) => (
        <li key={words}>
          <SceneView scene={{ width: 20, height: 20, name: '', shapes, marks: [] }} id={`legend-${index}`} active={null} onPoint={() => undefined} />
          {words}
        </li>
      ))}
    </ul>
  );
}
