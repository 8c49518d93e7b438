import { readdirSync, readFileSync } from 'node:fs';
import { check, type CheckContext, type HttpAnswer, type Program } from 'backend-labs/kit';

/** What the two kinds of requests come to. */
const QUICK = 'quick';
const TEXTS = { a: 'A page', b: 'Another page' };
/** More heavy requests at once than any machine has free cores for in time. */
const HEAVIES = 16;
/** A timer of 20 ms may be 1 ms early. */
const QUICK_MS = 19;
const QUICKS = 30;
const QUICKS_WITHIN_MS = 500;
/** Of a quick request, which takes 20 ms; sixteen heavy ones take most of a second of a core. */
const P99_MS = 250;
const MEMORY_MIB = 192;
const AT_ONCE = 14;
const PATIENCE_MS = 12_000;
/** The same for four at most, whose client may wait in vain. */
const CRASH_PATIENCE_MS = 5000;
/** Into the computing of a heavy request. */
const HALF_WAY_MS = 25;
/** More than anybody keeps in reserve, or counts to before giving up. */
const MORE_DEATHS = 5;

const HEAVY = [/Your work starts here/, /fingerprint\(/];
const WORKERS = [/WORKERS = /, /fork\(/, /new Worker\(/, ...HEAVY];
const DEATH = [/'exit'/, /failed\(/, /fork\(/, /new Worker\(/, ...HEAVY];

export default [
  check('serves', async (t) => {
    const program = await start(t);
    t.step('Ask for /quick and twice for /heavy');
    const answer = await t.http(program, { path: '/quick' });
    t.expect(answer.body, { equals: QUICK }, { what: 'The answer to /quick', hint: 'answers-stay', at: /quick\(/ });
    const took: number[] = [];
    for (let i = 0; i < 5; i++) took.push((await t.http(program, { path: '/quick' })).totalMs);
    t.expect(Math.round(Math.min(...took)), { atLeast: QUICK_MS }, { what: 'How long /quick waits for others', unit: 'ms', hint: 'answers-stay', at: [/sleep\(/, /quick/] });
    const [first, second] = [await heavy(t, program, TEXTS.a), await heavy(t, program, TEXTS.b)];
    t.expect(first.body, { equals: fingerprint(TEXTS.a) }, { what: 'The answer to /heavy', hint: 'answers-stay', at: HEAVY });
    t.expect(second.body, { equals: fingerprint(TEXTS.b) }, { what: 'The answer to /heavy with another text', hint: 'answers-stay', at: HEAVY });
  }),

  check('memory', async (t) => {
    const program = await start(t);
    t.step(`Send ${AT_ONCE} heavy requests at once, and look at the memory of all processes meanwhile`);
    let busy = true;
    const heavies = Promise.all(Array.from({ length: AT_ONCE }, (_, i) => heavy(t, program, `page ${i}`))).finally(() => (busy = false));
    let mostMiB = 0;
    while (busy) {
      await t.sleep(40);
      mostMiB = Math.max(mostMiB, residentMiB(program));
      if (mostMiB > MEMORY_MIB) break;
    }
    // Workers may still have been starting while the last answer came.
    if (!busy) mostMiB = Math.max(mostMiB, residentMiB(program));
    t.expect(Math.ceil(mostMiB), { atMost: MEMORY_MIB }, { what: `Memory of all processes while ${AT_ONCE} heavy requests are there`, unit: 'MiB', hint: 'bound-the-workers', at: WORKERS });
    await heavies;
  }, { needs: ['serves'] }),

  check('tail', async (t) => {
    const program = await start(t);
    t.step(`Send ${HEAVIES} heavy requests at once`);
    const heavies = Array.from({ length: HEAVIES }, (_, i) => heavy(t, program, `page ${i}`));
    t.step(`Send ${QUICKS} quick requests within ${QUICKS_WITHIN_MS} ms`);
    const quicks = await t.httpBurst(program, { path: '/quick', count: QUICKS, withinMs: QUICKS_WITHIN_MS, timeoutMs: PATIENCE_MS });
    const right = quicks.filter(({ body }) => body === QUICK).length;
    t.expect(right, { equals: QUICKS }, { what: 'Quick requests that were answered', unit: 'requests', hint: 'answers-stay', at: /quick\(/ });
    const p99 = Math.max(...quicks.map(({ totalMs }) => totalMs));
    t.expect(Math.round(p99), { atMost: P99_MS }, { what: 'p99 of the quick requests', unit: 'ms', kind: 'too-slow', hint: 'off-the-loop', at: HEAVY });
    const done = await Promise.all(heavies);
    const refused = done.some(({ status }) => status === 503 || status === 429);
    t.expect(done.filter(rightPage).length, { equals: HEAVIES }, { what: 'Heavy requests that got their own right answer', unit: 'requests', hint: refused ? 'let-them-wait' : 'answers-stay', at: HEAVY });
  }, { needs: ['serves', 'memory'] }),

  check('crash', async (t) => {
    const program = await start(t);
    t.step('Send 4 heavy requests at once');
    const heavies = [0, 1, 2, 3].map((i) => heavy(t, program, `page ${i}`, CRASH_PATIENCE_MS));
    await t.sleep(HALF_WAY_MS);
    t.step('Kill a worker half-way');
    const dead = await program.crashWorker();
    t.expect(dead !== null, { equals: true }, { what: 'There is a worker that can die', message: 'Nobody but the main thread computes: there is no worker that could be killed, and with the main thread everything dies.', hint: 'somebody-else', at: HEAVY });
    const answers = await Promise.all(heavies);
    const lost = answers.filter((answer, i) => !rightPage(answer, i)).length;
    t.expect(lost, { equals: 0 }, { what: 'Requests without a right answer', message: `A worker was killed half-way, and ${lost} of 4 requests did not get their right answer.`, unit: 'requests', hint: 'do-it-again', at: DEATH });
    for (let i = 0; i < MORE_DEATHS; i++) {
      t.step('Kill another worker');
      await program.crashWorker();
      await t.sleep(HALF_WAY_MS);
    }
    t.step('Ask for /heavy');
    const { status, body } = await heavy(t, program, TEXTS.a, CRASH_PATIENCE_MS);
    const alive = await program.workers();
    const message = `After ${1 + MORE_DEATHS} workers had died, a heavy request got no right answer; ${alive} ${alive === 1 ? 'worker lives' : 'workers live'}.`;
    t.expect(status === 200 && body === fingerprint(TEXTS.a), { equals: true }, { what: 'A right answer', message, hint: status === 200 ? 'answers-stay' : alive > 0 ? 'idle-and-dead' : 'replace-the-dead', at: DEATH });
  }, { needs: ['serves', 'tail', 'memory'] }),
];

async function start(t: CheckContext): Promise<Program> {
  t.step('Start your program');
  return t.start();
}

function heavy(t: CheckContext, program: Program, text: string, timeoutMs = PATIENCE_MS): Promise<HttpAnswer> {
  return t.http(program, { path: `/heavy?text=${encodeURIComponent(text)}`, timeoutMs });
}

const known = new Map<string, string>();

/** Whether the i-th of several heavy requests got the fingerprint of its own text. */
function rightPage({ status, body }: HttpAnswer, i: number): boolean {
  const text = `page ${i}`;
  const right = known.get(text) ?? fingerprint(text);
  known.set(text, right);
  return status === 200 && body === right;
}

/** Of the program and all that descends from it; 0 where the system does not say. */
function residentMiB(program: Program): number {
  return family(String(program.pid)).reduce((sum, pid) => sum + residentBytes(pid), 0) / 2 ** 20;
}

/** A process and all that descends from it. Each thread has children of its own. */
function family(pid: string): string[] {
  const threads = list(`/proc/${pid}/task`);
  const children = threads.flatMap((thread) => read(`/proc/${pid}/task/${thread}/children`).split(' ').filter((child) => child !== ''));
  return [pid, ...children.flatMap(family)];
}

/** Empty where there is no such folder, or no more. */
function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function residentBytes(pid: string): number {
  return 1024 * Number(/^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

/** Empty where there is no such file, or no more. */
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** As in the starter. */
function fingerprint(text: string): string {
  let x = [...text].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 7);
  for (let i = 0; i < 50_000_000; i++) x = (Math.imul(x, 1_664_525) + 1_013_904_223) | 0;
  return (x >>> 0).toString(16);
}
