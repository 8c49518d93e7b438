import { readdirSync, readFileSync } from 'node:fs';
import { check, type CheckContext, type Program } from 'backend-labs/kit';

const COUNT = 8 * 1024 * 1024;
const MIB = 1024 * 1024;
const PERIOD = 5000;
/** What i % PERIOD adds up to, for all i below COUNT. */
const SUM = Math.floor(COUNT / PERIOD) * upTo(PERIOD) + upTo(COUNT % PERIOD);
const THREADS = 4;
/** One table is 32 MiB; four copies are 128. */
const GROWTH_BYTES = 48 * MIB;
/** Node with four threads takes 60 to 130 MiB, one table 32 more; with a copy for each thread it is 128 more. */
const ONCE_BYTES = 200 * MIB;
/** Enough that what a sum costs stands out from what a request does. */
const SUMS = 10;
/** Of the work, for a thread that adds up a quarter. */
const LEAST_SHARE = 0.1;
const POLL_MS = 3;

const TABLE = [/Your work starts here/, /new SharedArrayBuffer/, /new Int32Array\(COUNT\)/, /workerData/];
const THREAD = [/function addUp/, /new Worker\(/, ...TABLE];

export default [
  check('right', async (t) => {
    t.step('Start your server');
    const program = await t.start();
    const sum = await sumOf(t, program);
    t.expect(sum, { equals: SUM }, { what: 'The sum of the table', hint: hintForSum(t.source), at: [/new Int32Array\(new SharedArrayBuffer/, /Int32Array\(THREADS\)/, ...TABLE] });
  }),

  check('threads', async (t) => {
    const program = await t.start();
    await sumOf(t, program);
    t.step('Count its threads');
    t.expect(await program.workers(), { equals: THREADS }, { what: 'Threads that the server has started', unit: 'threads', hint: 'four-threads', at: THREAD });
    const before = coreTime(program);
    if (before.size === 0) return;
    t.step(`Ask for the sum ${SUMS} times, and look at which threads the cores worked for`);
    for (let i = 0; i < SUMS; i++) await sumOf(t, program);
    const spent = [...coreTime(program)].map(([thread, ns]) => ({ thread, ns: ns - (before.get(thread) ?? 0) }));
    const all = spent.reduce((sum, { ns }) => sum + ns, 0);
    const added = spent.filter(({ thread, ns }) => thread !== String(program.pid) && ns > LEAST_SHARE * all).length;
    t.expect(added, { atLeast: THREADS }, { what: `Threads, beside the server's own, that had ${100 * LEAST_SHARE} % of the work or more`, unit: 'threads', hint: 'four-threads', at: THREAD });
  }, { needs: ['right'] }),

  check('current', async (t) => {
    const program = await t.start();
    await sumOf(t, program);
    t.step('Put 1000000 in the places 5 and 8000000, where 5 and 0 were');
    for (const at of [5, 8_000_000]) await t.http(program, { method: 'PUT', path: `/set?at=${at}&to=1000000` });
    const sum = await sumOf(t, program);
    t.expect(sum, { equals: SUM + 2_000_000 - 5 }, { what: 'The sum after two numbers were changed', hint: hintForStale(t.source, sum), at: [/\.slice\(\)|Int32Array\.from|structuredClone/, ...TABLE] });
  }, { needs: ['right'] }),

  check('once', async (t) => {
    const program = await t.start();
    await sumOf(t, program);
    const before = program.residentBytes();
    // Where the system does not say what a process has, there is nothing to hold it to.
    if (before === null) return;
    t.step('Ask for the sum three times, and look at the server’s memory meanwhile');
    let most = 0;
    for (let i = 0; i < 3; i++) {
      const answered = t.http(program, { path: '/sum' }).then(() => true);
      while (!(await Promise.race([answered, t.sleep(POLL_MS)]))) most = Math.max(most, (program.residentBytes() ?? 0) - before);
    }
    t.expect(Math.round(most / MIB), { atMost: GROWTH_BYTES / MIB }, { what: 'The memory that the server took beyond what it had after its first sum', unit: 'MiB', hint: 'a-message-is-a-copy', at: [/postMessage\(\{? ?numbers/, /postMessage\(/, ...TABLE] });
    t.expect(Math.round(before / MIB), { atMost: ONCE_BYTES / MIB }, { what: 'The memory that the server and its threads took after their first sum', unit: 'MiB', hint: 'a-table-for-each', at: [/workerData:/, ...TABLE] });
  }, { needs: ['current', 'threads'] }),
];

/** 0 + 1 + … + (n − 1) */
function upTo(n: number): number {
  return (n * (n - 1)) / 2;
}

/** Each of its threads → how long a core worked for it, in ns; empty where the system does not say. */
function coreTime({ pid }: Program): Map<string, number> {
  try {
    const tasks = `/proc/${pid}/task`;
    return new Map(readdirSync(tasks).map((thread) => [thread, Number(readFileSync(`${tasks}/${thread}/schedstat`, 'latin1').split(' ')[0])]));
  } catch {
    return new Map();
  }
}

async function sumOf(t: CheckContext, program: Program): Promise<number | string> {
  t.step('Ask for the sum');
  const { status, error, body } = await t.http(program, { path: '/sum' });
  t.expect(error ?? status, { equals: 200 }, { what: 'The status of the sum', hint: 'wait-for-all-four', at: THREAD });
  const sum = Number(body);
  return Number.isNaN(sum) ? body : sum;
}

function hintForSum(source: string): string {
  if (/new SharedArrayBuffer\(COUNT\)/.test(source)) return 'bytes-not-numbers';
  if (/sums = new Int32Array/.test(source)) return 'too-large-for-32-bits';
  return 'wait-for-all-four';
}

function hintForStale(source: string, sum: number | string): string {
  if (!/SharedArrayBuffer/.test(source)) return 'handed-over-is-copied';
  if (/\.slice\(\)|Int32Array\.from|structuredClone/.test(source)) return 'a-view-is-no-copy';
  return sum === SUM ? 'handed-over-is-copied' : 'wait-for-all-four';
}
