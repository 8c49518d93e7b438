import { readdir, readFile } from 'node:fs/promises';
import type { Wait, XrayThread } from '../../shared/xray/sample.ts';
import { parseStat } from '../processTable.ts';

const TICK_MS = 10;
/** So many threads of a process are looked at one by one. */
const MOST = 64;

/** Names of kernel functions that a thread sleeps in, by what it waits for; they differ between versions of Linux, so parts of them are looked for. */
const SLEEPS: readonly (readonly [Wait, RegExp])[] = [
  ['events', /epoll|ep_poll|io_cqring/],
  ['accept', /accept/],
  ['lock', /futex|sem|flock|rwsem/],
  ['poll', /poll|select/],
  ['data', /sk_wait|wait_woken|wait_for_more|recv|pipe_read|unix_stream|read_wait/],
  ['time', /nanosleep|hrtimer/],
  ['child', /do_wait|wait4|sigsuspend|sigtimedwait/],
  ['disk', /page|folio|jbd2|ext4|xfs|blk|wb_wait|fsync/],
];

/** The threads of a process, first the one it began with; empty where it is gone. */
export async function readThreads(pid: number): Promise<{ readonly count: number; readonly threads: XrayThread[] }> {
  const tids = (await readdir(`/proc/${pid}/task`).catch(() => [])).map(Number).sort((a, b) => a - b);
  const threads = await Promise.all(tids.slice(0, MOST).map((tid) => readThread(pid, tid)));
  return { count: tids.length, threads: threads.filter((thread) => thread !== null) };
}

async function readThread(pid: number, tid: number): Promise<XrayThread | null> {
  const folder = `/proc/${pid}/task/${tid}`;
  const [text, sleepsIn] = await Promise.all([`${folder}/stat`, `${folder}/wchan`].map((file) => readFile(file, 'latin1').catch(() => null)));
  if (text == null) return null;
  const { name, state, ownCpuTicks } = parseStat(tid, text);
  return { tid, name, wait: waitOf(state, sleepsIn ?? null), cpuMs: ownCpuTicks * TICK_MS };
}

/** What a thread in `state` waits for, sleeping in this kernel function: null where it may not be read, `0` where the kernel does not say. */
export function waitOf(state: string, sleepsIn: string | null): Wait {
  if (state === 'R') return 'runs';
  if (sleepsIn === null || sleepsIn === '' || sleepsIn === '0') return state === 'D' ? 'disk' : 'unread';
  return SLEEPS.find(([, pattern]) => pattern.test(sleepsIn))?.[0] ?? (state === 'D' ? 'disk' : 'other');
}
