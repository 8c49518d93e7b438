import type { JSX } from 'preact';
import { cross, line, text, type Shape } from './scene.ts';
import { SceneView } from './sceneView.tsx';

const SAMPLES: readonly { readonly words: string; readonly shapes: readonly Shape[] }[] = [
  { words: 'sent, not yet acknowledged', shapes: [{ kind: 'rect', role: 'bytes-flying', x: 1, y: 4, width: 18, height: 12 }] },
  { words: 'waits: unsent, or unread', shapes: [{ kind: 'rect', role: 'bytes-waiting', x: 1, y: 4, width: 18, height: 12 }] },
  { words: 'room that was announced', shapes: [{ kind: 'rect', role: 'bytes-offered', x: 1, y: 4, width: 18, height: 12 }] },
  { words: 'how much may be in flight', shapes: [line('bracket', [1, 6], [1, 14], [19, 14], [19, 6])] },
  { words: 'the window is shut', shapes: [{ kind: 'rect', role: 'window-shut', x: 7, y: 1, width: 6, height: 18 }] },
  { words: 'a segment, from its first byte to its last', shapes: [line('segment-data', [10, 2], [10, 18]), line('segment-data', [6, 2], [14, 2]), line('segment-data', [6, 18], [14, 18])] },
  { words: 'sent again', shapes: [line('segment-data', [6, 2], [6, 18]), text('text', 10, 14, 'R')] },
  { words: 'lost on the way', shapes: cross(10, 10, 4) },
  { words: 'how far the window reaches', shapes: [line('stair-window', [1, 14], [10, 14], [10, 6], [19, 6])] },
  { words: 'how far it is acknowledged', shapes: [line('stair-ack', [1, 14], [10, 14], [10, 6], [19, 6])] },
];

/** What the marks of the buffers and of their plot mean, each beside the mark itself. */
export function BuffersLegend(): JSX.Element {
  return (
    <ul class="legend" aria-label="Legend">
      {SAMPLES.map(({ words, shapes }, index) => (
        <li key={words}>
          <SceneView scene={{ width: 20, height: 20, name: '', shapes, marks: [] }} id={`buffers-legend-${index}`} active={null} onPoint={() => undefined} />
          {words}
        </li>
      ))}
    </ul>
  );
}
