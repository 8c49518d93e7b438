import { readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';

/** One program, started twice: as a thread of another process, whose memory it then shares, and as a process with its own. */
export const ADDER_FILE = fileURLToPath(import.meta.url);
/** Set in the environment of a process that is to run it. */
export const ADDER_MARK = 'LAB_ADDER';

export interface Job {
  /** When to begin, in nanoseconds on the monotonic clock, which all processes of a machine share. */
  readonly atNs: number;
  /** CPU time to take, in milliseconds. */
  readonly cpuMs: number;
  /** How often to add 1 to x afterwards. */
  readonly adds: number;
}

/** A time on a core without a break. */
export interface Slice {
  readonly fromNs: number;
  readonly toNs: number;
  /** The kernel's number of the core; null where the system does not say. */
  readonly core: number | null;
}

/** What one thread has to tell of its job. */
export interface Done {
  readonly slices: readonly Slice[];
  /** What it read in x after it had added. */
  readonly reads: number;
}

/** What it says once it is ready. */
export interface Ready {
  readonly pid: number;
  /** Linux's number of the thread; null elsewhere. */
  readonly tid: number | null;
}

/** A thread that looks at the clock and finds it further on than this was not running meanwhile. */
const AWAY_NS = 20_000;
/** Lets the engine compile what is timed, before it is timed. */
const WARM_UP_MS = 20;

/** performance.now() costs little, but counts from this thread's own start. Who loses the core between the two looks gets too early a start: the latest is right. */
const ORIGIN_NS = Math.max(...Array.from({ length: 10 }, () => Number(process.hrtime.bigint()) - performance.now() * 1e6));

const data = workerData as { readonly memory?: SharedArrayBuffer } | null;
if (isMainThread ? process.env[ADDER_MARK] !== undefined : data?.memory !== undefined) serve(new Int32Array(data?.memory ?? new SharedArrayBuffer(4)));

function serve(x: Int32Array): void {
  const port = parentPort ?? process;
  const say = (message: Ready | Done): void => {
    if (parentPort) parentPort.postMessage(message);
    else process.send?.(message);
  };
  compute(WARM_UP_MS);
  port.on('message', (job: Job) => void work(job, x).then(say));
  process.once('disconnect', () => process.exit());
  say({ pid: process.pid, tid: threadNumber() });
}

async function work({ atNs, cpuMs, adds }: Job, x: Int32Array): Promise<Done> {
  await until(atNs);
  const slices = compute(cpuMs);
  // In one step each, so that no addition of another thread is lost.
  for (let i = 0; i < adds; i++) Atomics.add(x, 0, 1);
  return { slices, reads: Atomics.load(x, 0) };
}

/** Runs until it has had `milliseconds` of CPU time, and notes each time on a core: the clock tells when it was away. */
function compute(milliseconds: number): Slice[] {
  const slices: Slice[] = [];
  for (let ranNs = 0; ranNs < milliseconds * 1e6; ) {
    // Not part of the slice: to look takes longer than what counts as having been away.
    const core = coreNumber();
    const fromNs = nowNs();
    let toNs = fromNs;
    for (let timeNs = fromNs; timeNs - toNs < AWAY_NS && ranNs + toNs - fromNs < milliseconds * 1e6; timeNs = nowNs()) toNs = timeNs;
    slices.push({ fromNs, toNs, core });
    ranNs += toNs - fromNs;
  }
  return slices;
}

/** Sleeps in epoll_wait(2). Atomics.wait() would do, but all that sleep in it in one process wake up one behind another. */
function until(atNs: number): Promise<void> {
  return sleep(Math.max(0, Math.ceil((atNs - nowNs()) / 1e6)));
}

function nowNs(): number {
  return ORIGIN_NS + performance.now() * 1e6;
}

/** Field 39 of /proc/thread-self/stat, counted behind the name, which may hold spaces. */
function coreNumber(): number | null {
  try {
    const stat = readFileSync('/proc/thread-self/stat', 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[36]);
  } catch {
    return null;
  }
}

/** /proc/thread-self leads to PID/task/TID. */
function threadNumber(): number | null {
  try {
    return Number(readlinkSync('/proc/thread-self').split('/')[2]);
  } catch {
    return null;
  }
}
