import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** Pictures are laid out for at least this many px; narrower panels scroll them. */
const LEAST_WIDTH = 296;

/** The width in px that an element has, between `least` and `most`; follows it. */
export function useWidth(element: RefObject<HTMLElement>, most: number, least = LEAST_WIDTH): number {
  const [width, setWidth] = useState(least);
  useLayoutEffect(() => {
    const node = element.current;
    if (!node) return;
    const measure = (): void => setWidth(Math.max(least, Math.min(most, Math.floor(node.clientWidth))));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(node);
    return () => observer.disconnect();
  }, [element, most, least]);
  return width;
}
