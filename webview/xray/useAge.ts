import { useEffect, useState } from 'preact/hooks';
import type { XraySnapshot } from '../../src/shared/xray/view.ts';

/** How often the words for an age are made anew, in ms. */
const TICK_MS = 200;

/** How old the sample of a snapshot is, in ms: as old as it was when it was sent, and the time since, on this page's own clock. */
export function useAge(snapshot: XraySnapshot): number {
  const [age, setAge] = useState(snapshot.ageMs);
  useEffect(() => {
    const receivedAt = performance.now();
    const tell = (): void => setAge(snapshot.ageMs + performance.now() - receivedAt);
    tell();
    const timer = setInterval(tell, TICK_MS);
    return () => clearInterval(timer);
  }, [snapshot]);
  return age;
}

/** "200 ms ago", "3.4 s ago", "2 min ago": coarse enough that it can be read while it changes. */
export function ageWords(ageMs: number): string {
  if (ageMs < 1000) return `${Math.round(ageMs / 100) * 100} ms ago`;
  if (ageMs < 60_000) return `${(ageMs / 1000).toFixed(ageMs < 10_000 ? 1 : 0)} s ago`;
  return `${Math.floor(ageMs / 60_000)} min ago`;
}
