import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Term } from '../../src/shared/protocol.ts';
import { PlainProse } from '../ui/plainProse.tsx';

interface Props {
  readonly term: Term;
  /** The occurrence that it is shown at. */
  readonly element: HTMLElement;
  readonly onEnter: () => void;
  readonly onLeave: () => void;
}

/** Free space around it, and between it and its term, in CSS pixels. */
const EDGE_PX = 8;
const GAP_PX = 4;

/** What a term means, below it or, where the window ends, above it. It goes along when the page is scrolled. */
export function TermTip({ term, element, onEnter, onLeave }: Props): JSX.Element {
  const tip = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const place = (): void => {
      if (tip.current) put(tip.current, element);
    };
    place();
    addEventListener('resize', place);
    return () => removeEventListener('resize', place);
  }, [element]);
  return (
    <div ref={tip} class="term-tip" role="tooltip" onPointerEnter={onEnter} onPointerLeave={onLeave}>
      <strong>{term.term}</strong>
      <PlainProse text={term.means} />
    </div>
  );
}

function put(tip: HTMLElement, element: HTMLElement): void {
  // Of a term that is broken across lines, the first part.
  const [at = element.getBoundingClientRect()] = element.getClientRects();
  const { width, height } = tip.getBoundingClientRect();
  const room = document.documentElement.clientWidth;
  const below = at.bottom + GAP_PX;
  const above = at.top - GAP_PX - height;
  const top = below + height > innerHeight && above >= 0 ? above : below;
  tip.style.left = `${scrollX + Math.max(EDGE_PX, Math.min(at.left, room - EDGE_PX - width))}px`;
  tip.style.top = `${scrollY + top}px`;
}
