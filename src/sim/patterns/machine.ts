import type { EventHandle, Simulator } from '../engine/simulator.ts';
import type { Cores } from './cores.ts';
import type { PatternsRecord } from './record.ts';

/** One request on its way through a server. */
export interface Request {
  readonly index: number;
  readonly classIndex: number;
  readonly arrivedAt: number;
  readonly cpu: number;
  /** 0 for a request without I/O. */
  readonly io: number;
  /** While its I/O runs. */
  ioEvent?: EventHandle;
}

/** What all parts of one run share. */
export interface Machine {
  readonly simulator: Simulator;
  readonly cores: Cores;
  readonly record: PatternsRecord;
}
