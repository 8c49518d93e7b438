import type { Simulator } from '../engine/simulator.ts';
import type { Cores } from './cores.ts';
import type { PatternsRecord } from './record.ts';

/** What all parts of one run share. */
export interface Machine {
  readonly simulator: Simulator;
  readonly cores: Cores;
  readonly record: PatternsRecord;
}
