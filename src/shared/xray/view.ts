import type { XraySample } from './sample.ts';

/** How a server's processes share the work, as far as it shows. */
export const PATTERNS = {
  'one-thread': 'One process, one thread',
  'thread-pool': 'Thread pool',
  'pre-forked': 'Pre-forked processes on one listening socket',
  'process-per-connection': 'A process for each connection',
  'hands-out': 'A primary that hands out connections',
  'reuse-port': 'One listening socket per worker (SO_REUSEPORT)',
  'fork-for-backup': 'One thread, and a fork for a backup',
  'no-listener': 'No listening socket',
  'not-permitted': 'Not permitted to look',
} as const;
export type PatternId = keyof typeof PATTERNS;

export interface Recognised {
  readonly pattern: PatternId;
  /** What was read that shows it; each a sentence. */
  readonly evidence: readonly string[];
}

export interface Recognition extends Recognised {
  /** Further patterns of the same processes: another port's, or threads within each process. */
  readonly also: readonly Recognised[];
}

/** One sample's share in the curves. Samples are drawn as they were taken; there is none between them. */
export interface HistoryPoint {
  readonly takenAtMs: number;
  readonly acceptQueue: number;
  readonly connections: number;
  /** Of one core since the sample before: 1 is one core busy all the time. Null for the first sample and after a gap. */
  readonly cpuShare: number | null;
  readonly memoryBytes: number;
}

/** A process that came or went while the X-ray was on. */
export interface ProcessChange {
  readonly atMs: number;
  readonly pid: number;
  readonly title: string;
  readonly change: 'started' | 'ended';
}

/** All that the X-ray panel shows. */
export interface XraySnapshot {
  /** What was asked for: a pid, a port or a name. */
  readonly asked: string;
  readonly state: 'looking' | 'live' | 'paused' | 'ended' | 'failed';
  /** Why it failed. */
  readonly problem: string | null;
  readonly sample: XraySample | null;
  readonly recognition: Recognition | null;
  /** Of the last 60 s. */
  readonly history: readonly HistoryPoint[];
  readonly changes: readonly ProcessChange[];
  /** From one sample to the next. */
  readonly intervalMs: number;
  /** How old the sample was when this snapshot was made. */
  readonly ageMs: number;
}

/** What the panel may ask for: method → its parameters. */
export interface XrayRequests {
  pause: Record<string, never>;
  resume: Record<string, never>;
  showLog: Record<string, never>;
}
