import type { EventHandle } from '../engine/simulator.ts';

/** One request on its way through a server. */
export interface Request {
  readonly index: number;
  readonly classIndex: number;
  readonly arrivedAt: number;
  readonly cpu: number;
  /** 0 for a request without I/O. */
  readonly io: number;
  /** CPU time of its callback after the I/O; 0 where there is none. */
  readonly after: number;
  /** While its I/O runs. */
  ioEvent?: EventHandle;
}
