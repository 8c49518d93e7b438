import { check, type CheckContext, type HttpAnswer, type Program } from 'backend-labs/kit';

/** π(n) for some n: how many primes are below it. */
const PRIMES: Readonly<Record<number, number>> = { 29: 9, 10_000: 1229, 2000: 303, 20_000: 2262 };
const TOO_LARGE = 2_000_000;
const PROCESSES = 4;
const POLL_MS = 20;
/** Four processes start within this, also where the machine does other things. */
const PATIENCE_MS = 4000;

const CHILD = [/Your work starts here/, /process\.send/, /fork\(/];
const COLLECT = [/\.once\('message'/, /\.on\('message'/, /fork\(/];

export default [
  check('sum', async (t) => {
    t.step('Start your server');
    const program = await t.start();
    const { primes } = await count(t, program, 10_000);
    t.expect(primes, { equals: PRIMES[10_000] }, { what: 'Primes below 10000', unit: 'primes', hint: hintForSum(t.source, primes), at: CHILD });
    // 7, where the second quarter begins, and 29 itself are prime: who counts an end twice is found out.
    const few = await count(t, program, 29);
    t.expect(few.primes, { equals: PRIMES[29] }, { what: 'Primes below 29', unit: 'primes', hint: 'to-before-the-last', at: [/quarters\(/, ...CHILD] });
  }),

  check('processes', async (t) => {
    const program = await t.start();
    const { by } = await count(t, program, 10_000);
    t.step('Look at who counted');
    const others = new Set(by.filter((pid) => pid !== program.pid)).size;
    t.expect(others, { equals: PROCESSES }, { what: 'Different processes in “by”, the server itself not counted', unit: 'processes', hint: 'four-others', at: [/new Worker\(/, /by:/, ...CHILD] });
    const again = await count(t, program, 10_000);
    const fresh = again.by.filter((pid) => !by.includes(pid)).length;
    t.expect(again.by.length === PROCESSES && fresh === PROCESSES, { equals: true }, { what: 'The second request has four processes of its own in “by”', hint: 'a-list-per-request', at: [/^(const|let) by/m, /by\.push/, ...COLLECT] });
  }, { needs: ['sum'] }),

  check('apart', async (t) => {
    const program = await t.start();
    t.step('Ask for the primes below 2000 and below 20000 at the same time');
    const both = await Promise.all([2000, 20_000].map((below) => count(t, program, below)));
    for (const [i, below] of [2000, 20_000].entries()) {
      t.expect(both[i]?.primes, { equals: PRIMES[below] }, { what: `Primes below ${below}, asked for together with others`, unit: 'primes', hint: 'a-sum-per-request', at: [/^let total/m, /total/, ...COLLECT] });
    }
  }, { needs: ['sum'] }),

  check('failure', async (t) => {
    const program = await t.start();
    t.step(`Ask for the primes below ${TOO_LARGE}: countPrimes() throws, and its processes end without a result`);
    const answer = await t.http(program, { path: `/primes?below=${TOO_LARGE}`, timeoutMs: PATIENCE_MS });
    t.expect(answer.error ?? answer.status, { equals: 500 }, { what: 'The status where a process fails', hint: 'an-end-without-a-word', at: COLLECT });
    t.step('Ask for the primes below 10000');
    t.expect((await count(t, program, 10_000)).primes, { equals: PRIMES[10_000] }, { what: 'Primes below 10000, after a failure', unit: 'primes', hint: 'a-sum-per-request', at: COLLECT });
  }, { needs: ['sum'] }),

  check('tidy', async (t) => {
    const program = await t.start();
    await count(t, program, 2000);
    t.step('Count the processes that are left when the request is answered');
    let left = await program.workers();
    for (let waited = 0; waited < 1000 && left > 0; waited += POLL_MS) {
      await t.sleep(POLL_MS);
      left = await program.workers();
    }
    t.expect(left, { equals: 0 }, { what: 'Child processes that live on after the answer', unit: 'processes', kind: 'leaked', hint: 'close-the-channel', at: [/process\.on\('message'/, /process\.send/, ...CHILD] });
  }, { needs: ['sum'] }),
];

interface Counted {
  readonly primes: unknown;
  readonly by: readonly unknown[];
}

async function count(t: CheckContext, program: Program, below: number): Promise<Counted> {
  t.step(`Ask for the primes below ${below}`);
  const answer = await t.http(program, { path: `/primes?below=${below}`, timeoutMs: PATIENCE_MS });
  if (answer.error !== null) t.fail({ kind: 'hung', message: `The request for the primes below ${below} got no answer (${answer.error}).`, expected: 'an answer', actual: answer.error, hint: 'answer-when-all-are-in', at: COLLECT });
  t.expect(answer.status, { equals: 200 }, { what: 'The status', hint: 'answer-when-all-are-in', at: COLLECT });
  return parsed(answer);
}

function parsed({ body }: HttpAnswer): Counted {
  try {
    const { primes, by } = JSON.parse(body) as { primes?: unknown; by?: unknown };
    return { primes, by: Array.isArray(by) ? by : [] };
  } catch {
    return { primes: body, by: [] };
  }
}

function hintForSum(source: string, primes: unknown): string {
  if (/process\.env\.\w+\s*=[^=]/.test(source)) return 'the-environment-is-copied';
  if (/SharedArrayBuffer/.test(source)) return 'nothing-to-share';
  if (/process\.exit(Code\s*=|\()\s*countPrimes/.test(source)) return 'an-exit-code-is-a-byte';
  if (typeof primes === 'number' && primes > 0) return 'all-four';
  return 'each-its-own';
}
