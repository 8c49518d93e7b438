import { useState } from 'preact/hooks';
import type { Mark, Scene } from '../diagram/scene.ts';

export interface Pointing {
  readonly active: Mark | null;
  readonly pinned: boolean;
  readonly hover: (id: string | null) => void;
  readonly keyDown: (event: KeyboardEvent) => void;
  readonly focus: () => void;
  readonly blur: () => void;
}

/** Which mark of a picture is looked at: the pinned one, else the hovered, else the focused. One tab stop; arrows move, Enter pins, Escape unwinds; where marks are chosen, Enter does that. */
export function usePointing(scene: Scene, choose?: (mark: string) => void): Pointing {
  const [focused, setFocused] = useState<string | null>(null);
  const [hovered, setHovered] = useState<string | null>(null);
  const [pinned, setPinned] = useState<string | null>(null);
  const find = (id: string | null): Mark | undefined => scene.marks.find((mark) => mark.id === id);
  const active = find(pinned) ?? find(hovered) ?? find(focused) ?? null;
  return {
    active,
    pinned: pinned !== null && find(pinned) !== undefined,
    hover: setHovered,
    focus: () => {
      if (!find(focused)) setFocused(scene.marks[0]?.id ?? null);
    },
    blur: () => setFocused(null),
    keyDown(event) {
      const from = find(focused) ?? scene.marks[0];
      const to = from && neighbour(scene.marks, from, event.key);
      if (to) setFocused(to.id);
      else if (choose && focused !== null && (event.key === 'Enter' || event.key === ' ')) choose(focused);
      else if (event.key === 'Enter') setPinned(pinned === null ? focused : null);
      else if (event.key === 'Escape' && pinned !== null) setPinned(null);
      else return;
      event.preventDefault();
    },
  };
}

/** The next mark in reading order for an arrow key, so that every mark is reached from any other. */
export function neighbour(marks: readonly Mark[], from: Mark, key: string): Mark | undefined {
  const at = marks.indexOf(from);
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return marks[(at + 1) % marks.length];
    case 'ArrowLeft':
    case 'ArrowUp':
      return marks[(at + marks.length - 1) % marks.length];
    case 'Home':
      return marks[0];
    case 'End':
      return marks.at(-1);
    default:
      return undefined;
  }
}
