import type { XraySample } from '../../shared/xray/sample.ts';
import type { HistoryPoint, ProcessChange } from '../../shared/xray/view.ts';

/** What the curves reach back, in ms. */
export const HISTORY_MS = 60_000;
/** The longest time between two samples over which processor time is given as a share; over a longer one it would smear. */
const LONGEST_GAP_MS = 3000;
const MOST_CHANGES = 6;

/** The history with one sample more, without what is older than a minute. */
export function withSample(history: readonly HistoryPoint[], before: XraySample | null, sample: XraySample): HistoryPoint[] {
  const point: HistoryPoint = {
    takenAtMs: sample.takenAtMs,
    acceptQueue: sample.listeners.reduce((sum, { acceptQueue }) => sum + acceptQueue, 0),
    connections: sample.served.reduce((sum, { state, count }) => sum + (state === 'ESTABLISHED' ? count : 0), 0),
    cpuShare: before && cpuShare(before, sample),
    memoryBytes: memoryOf(sample),
  };
  return [...history, point].filter(({ takenAtMs }) => sample.takenAtMs - takenAtMs <= HISTORY_MS);
}

/** Memory of all processes: pages that several map counted once where PSS is told for all, else resident memory, which counts them in each. */
export function memoryOf({ processes }: XraySample): number {
  return processes.reduce((sum, { pssBytes, rssBytes }) => sum + (pssBytes ?? rssBytes), 0);
}

/** Processor time of the processes that are in both samples, as a share of one core. */
function cpuShare(before: XraySample, { processes, takenAtMs }: XraySample): number | null {
  const elapsedMs = takenAtMs - before.takenAtMs;
  if (elapsedMs <= 0 || elapsedMs > LONGEST_GAP_MS) return null;
  const used = processes.reduce((sum, process) => {
    const earlier = before.processes.find((each) => isSame(each, process));
    return sum + process.cpuMs - (earlier?.cpuMs ?? 0);
  }, 0);
  return Math.max(0, used) / elapsedMs;
}

/** What came and went from one sample to the next, newest first. */
export function withChanges(changes: readonly ProcessChange[], before: XraySample | null, sample: XraySample): readonly ProcessChange[] {
  if (!before) return changes;
  const atMs = sample.takenAtMs;
  const missing = (from: XraySample, to: XraySample) => from.processes.filter((process) => !to.processes.some((each) => isSame(each, process)));
  const ended = missing(before, sample).map(({ pid, title }): ProcessChange => ({ atMs, pid, title, change: 'ended' }));
  const started = missing(sample, before).map(({ pid, title }): ProcessChange => ({ atMs, pid, title, change: 'started' }));
  return [...started, ...ended, ...changes].slice(0, MOST_CHANGES);
}

function isSame(a: { pid: number; startTicks: number }, b: { pid: number; startTicks: number }): boolean {
  return a.pid === b.pid && a.startTicks === b.startTicks;
}
