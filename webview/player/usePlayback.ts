import { useEffect, useRef, useState } from 'preact/hooks';
import { useStore } from '../context.ts';
import type { PlayerName } from '../store.ts';
import { SPEEDS, STOPPED, type Axis, type Playback } from './playback.ts';
import { positionOf, refit, seek, step, type Moment } from './timeline.ts';

export interface Controls {
  readonly playback: Playback;
  readonly playing: boolean;
  readonly atEnd: boolean;
  readonly toggle: () => void;
  readonly step: (by: 1 | -1) => void;
  /** To a position of the present axis. */
  readonly seek: (position: number) => void;
  readonly restart: () => void;
  readonly setAxis: (axis: Axis) => void;
  readonly setSpeed: (speed: number) => void;
}

/** A player that the reader drives: it stands still until told, and keeps its place across reloads. */
export function usePlayback(name: PlayerName, moments: readonly Moment[]): Controls {
  const store = useStore();
  const [playing, setPlaying] = useState(false);
  const playback = refit(moments, store.get().local.playback[name] ?? STOPPED);
  const last = moments.length - 1;
  const atEnd = playback.moment >= last;
  const latest = useRef({ playback, moments });
  latest.current = { playback, moments };

  const put = (next: Playback): void => store.updatePlayback(name, next);
  const putStill = (next: Playback): void => {
    setPlaying(false);
    put(next);
  };

  useEffect(() => {
    if (!playing) return;
    let before = performance.now();
    let handle = 0;
    const tick = (now: number): void => {
      const { playback: at, moments: all } = latest.current;
      const perSecond = SPEEDS[at.axis][at.speed]?.perSecond ?? 1;
      const next = seek(all, at, positionOf(at) + (perSecond * Math.min(100, now - before)) / 1000);
      before = now;
      store.updatePlayback(name, next);
      if (next.moment >= all.length - 1) setPlaying(false);
      else handle = requestAnimationFrame(tick);
    };
    handle = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(handle);
  }, [playing, name, store]);

  return {
    playback,
    playing,
    atEnd,
    toggle() {
      if (!playing && atEnd) put(seek(moments, playback, 0));
      setPlaying(!playing);
    },
    step: (by) => putStill(step(moments, playback, by)),
    seek: (position) => putStill(seek(moments, playback, position)),
    restart: () => putStill(seek(moments, playback, 0)),
    setAxis: (axis) => put({ ...playback, axis, speed: 1 }),
    setSpeed: (speed) => put({ ...playback, speed }),
  };
}
