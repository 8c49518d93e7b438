import type { JSX } from 'preact';
import type { XraySample } from '../../src/shared/xray/sample.ts';
import { SceneView } from '../diagram/sceneView.tsx';
import type { Role, Shape } from '../diagram/scene.ts';
import { THREAD_ROLES } from './processMark.ts';
import { cellWords } from './socketMark.ts';

const THREADS: readonly (readonly [role: Role, words: string])[] = [
  ['accepted', 'thread: runs or is ready to'],
  ['slot', 'thread: waits for connections or bytes'],
  ['connecting', 'thread: waits for a lock, a job or the disk'],
  ['slot-extra', 'thread: sleeps otherwise'],
];

const dot = (role: Role): Shape => ({ kind: 'circle', role, x: 10, y: 10, radius: 5 });
const square = (role: Role): Shape => ({ kind: 'rect', role, x: 5, y: 5, width: 10, height: 10, radius: 2 });
const bar = (role: Role, width: number): Shape => ({ kind: 'rect', role, x: 1, y: 6, width, height: 9, radius: 2 });

interface Item {
  readonly words: string;
  readonly shapes: readonly Shape[];
}

/** The marks that this picture has, each beside its meaning. */
export function XrayLegend({ sample, wide }: { readonly sample: XraySample; readonly wide: boolean }): JSX.Element {
  return (
    <ul class="legend" aria-label="Legend">
      {itemsOf(sample, wide).map(({ words, shapes }, index) => (
        <li key={words}>
          <SceneView scene={{ width: 20, height: 20, name: '', shapes, marks: [] }} id={`legend-${index}`} active={null} onPoint={() => undefined} />
          {words}
        </li>
      ))}
    </ul>
  );
}

function itemsOf({ processes, listeners }: XraySample, wide: boolean): Item[] {
  const roles = new Set(processes.flatMap(({ threads }) => threads.map(({ wait }) => THREAD_ROLES[wait])));
  const cell = cellWords(listeners, wide);
  const sockets: Item[] = [
    { words: 'waits at this socket', shapes: [dot('waits')] },
    { words: 'only has a descriptor of it', shapes: [dot('holds')] },
    { words: `waits for accept()${cell === null ? '' : `; ${cell}`}`, shapes: [square('connecting')] },
  ];
  const threads = THREADS.filter(([role]) => roles.has(role)).map(([role, words]): Item => ({ words, shapes: [square(role)] }));
  const memory: Item = { words: 'memory: filled is its share (PSS), the outline all it maps (RSS)', shapes: [bar('slot', 18), bar('accepted', 9)] };
  const unread: Item = { words: 'not permitted', shapes: [square('not-permitted')] };
  return [...(listeners.length > 0 ? sockets : []), ...threads, memory, ...(processes.every(({ permitted }) => permitted) ? [] : [unread])];
}
