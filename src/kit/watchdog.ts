import { openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type CapExceeded, leaveWord, MEMORY_CAP_BYTES, PROCESS_CAP } from '../runtime/caps.ts';
import { carriesLimitMark } from '../runtime/limitMark.ts';
import { listPids, readProcess, residentBytes } from '../runtime/processTable.ts';
import { removeRunFolderNow } from '../runtime/runFolder.ts';
import { endStraysNow, SEEN_FILE, signalProcess, type RunIdentity } from '../runtime/strays.ts';
import { answerOnPipe, tellWhenHeld } from './watchdogPipe.ts';

/** What the watchdog thread of a runner is told. */
export interface WatchdogData extends RunIdentity {
  /** Whose end is the run's end: the host for the leader, the leader for a program. */
  readonly parentPid: number;
  readonly leaderPid: number;
  /** True in a program: answers on its pipe even while the main thread is busy. */
  readonly answersOnPipe: boolean;
  /** True in a program that is debugged: tells on its pipe when the debugger holds its main thread. */
  readonly tellsWhenHeld: boolean;
}

const TICK_MS = 100;

/**
 * Runs beside the main thread, which may loop without end: ends the whole run, its folder too, once the parent is gone. In
 * the leader it also keeps count of the run's processes, writes them down for the last sweep, and holds the caps.
 */
export function watch(data: WatchdogData): void {
  const leads = data.leaderPid === process.pid;
  const family = leads ? new Family(data) : null;
  if (data.answersOnPipe) answerOnPipe();
  if (data.tellsWhenHeld) tellWhenHeld();
  setInterval(() => {
    if (isGone(data.parentPid)) endRun(data);
    const exceeded = family?.look();
    if (!exceeded) return;
    leaveWord(data.folder, exceeded);
    // One signal reaches all at once, ourselves too: against a fork bomb there is no time for one after another.
    signalProcess(-data.leaderPid, 'SIGKILL');
  }, TICK_MS);
}

/** On Unix an orphan is adopted by another process; on Windows the number stays, and the process is gone. */
function isGone(parentPid: number): boolean {
  if (process.platform !== 'win32') return process.ppid !== parentPid;
  try {
    return !process.kill(parentPid, 0);
  } catch {
    return true;
  }
}

function endRun(data: WatchdogData): void {
  try {
    endStraysNow(data);
    removeRunFolderNow(data.folder);
  } finally {
    if (process.platform !== 'win32') signalProcess(-data.leaderPid, 'SIGKILL');
    signalProcess(process.pid, 'SIGKILL');
  }
}

/** The run's processes as far as they were seen: descendants and members of the leader's group, also those that dropped the mark. */
class Family {
  /** Every pid that was looked at → its start if it is one of ours, else null. */
  readonly #known = new Map<number, number | null>();
  readonly #leaderPid: number;
  readonly #runId: string;
  /** Open before any program runs, which might put a pipe in the file's place: to open that would wait for ever. */
  readonly #seen: number;

  constructor({ leaderPid, runId, folder }: WatchdogData) {
    this.#leaderPid = leaderPid;
    this.#runId = runId;
    this.#seen = openSync(join(folder, SEEN_FILE), 'a');
    this.#known.set(process.pid, 0);
  }

  look(): CapExceeded | null {
    const pids = listPids();
    const now = new Set(pids);
    for (const pid of this.#known.keys()) if (!now.has(pid)) this.#known.delete(pid);
    for (const pid of pids) if (!this.#known.has(pid)) this.#meet(pid);
    const programs = [...this.#known].filter(([pid, start]) => start !== null && pid !== process.pid).map(([pid]) => pid);
    if (programs.length > PROCESS_CAP) return { what: 'processes', amount: programs.length };
    const bytes = programs.reduce((sum, pid) => sum + (residentBytes(pid) ?? 0), 0);
    return bytes > MEMORY_CAP_BYTES ? { what: 'memory', amount: bytes } : null;
  }

  #meet(pid: number): void {
    const stat = readProcess(pid);
    if (!stat) return;
    const ours = stat.groupId === this.#leaderPid || (this.#known.get(stat.parentPid) ?? null) !== null || carriesLimitMark(pid, this.#runId);
    this.#known.set(pid, ours ? stat.startTicks : null);
    if (ours) writeSync(this.#seen, `${pid} ${stat.startTicks}\n`);
  }
}
