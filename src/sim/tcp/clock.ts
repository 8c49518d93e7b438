import type { Simulator } from '../engine/simulator.ts';

/** What a host's processor takes for its part, nanoseconds: copying, and a segment's way through the stack. */
export const PROCESSING = {
  writeByte: 0.25,
  readByte: 0.5,
  readBuffer: 1000,
  loopbackSegment: 3000,
} as const;

/** The time that hosts see. Within one event it goes on as work is done; it never goes back. */
export class Clock {
  private reached = 0;

  constructor(private readonly simulator: Simulator) {}

  /** Nanoseconds. */
  get nowNs(): number {
    return Math.max(this.simulator.now, this.reached);
  }

  /** Work takes `ns`. */
  pass(ns: number): void {
    this.reached = Math.round(this.nowNs + ns);
  }
}
