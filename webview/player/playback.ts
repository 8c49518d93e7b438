/** Where a player stands. The reader drives time: it never starts by itself, and a reload finds it stopped where it was. */
export interface Playback {
  /** Index of the last moment that has come, and how far it is to the next, from 0 to below 1. */
  readonly moment: number;
  readonly fraction: number;
  /** The same as a time, by which it finds its place again in another trace. */
  readonly timeNs: number;
  readonly axis: Axis;
  /** Index into `SPEEDS[axis]`. */
  readonly speed: number;
}

/** `events`: every event has the same width, long waits are marked. `time`: to scale. */
export type Axis = 'events' | 'time';

export const STOPPED: Playback = { moment: 0, fraction: 0, timeNs: 0, axis: 'events', speed: 1 };

export interface Speed {
  readonly label: string;
  /** Units of the axis in one second: events, or nanoseconds. */
  readonly perSecond: number;
}

export const SPEEDS: Readonly<Record<Axis, readonly Speed[]>> = {
  events: [
    { label: '1 s = 2 events', perSecond: 2 },
    { label: '1 s = 5 events', perSecond: 5 },
    { label: '1 s = 20 events', perSecond: 20 },
    { label: '1 s = 100 events', perSecond: 100 },
  ],
  time: [
    { label: '1 s = 0.2 ms', perSecond: 2e5 },
    { label: '1 s = 2 ms', perSecond: 2e6 },
    { label: '1 s = 20 ms', perSecond: 2e7 },
    { label: '1 s = 200 ms', perSecond: 2e8 },
    { label: '1 s = 1 s', perSecond: 1e9 },
  ],
};
