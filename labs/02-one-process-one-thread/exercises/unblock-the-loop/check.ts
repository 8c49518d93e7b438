import { check, type CheckContext, type HttpAnswer } from 'backend-labs/kit';
import { checksum, roundsFor } from '../../reports.ts';

/** How long the report of the check computes, on this machine. */
const HEAVY_MS = 300;
/** How long a price may take meanwhile. */
const PRICE_MS = 50;
const PRICES = 12;
const REPORTS = 5;
/** As many workers may be kept for the next reports; more than any sensible pool for a machine like this. */
const KEPT_WORKERS = 4;
/** For a worker to come to its end. */
const SETTLE_MS = 300;

const COMPUTING = [/Atomics\.wait\(/, /checksum\(rounds\)/, /Your work starts here/, /createServer\(/];
const LOOP = [/await null/, /piece =/i, ...COMPUTING];

export default [
  check('prices', async (t) => {
    t.step('Start your server');
    const program = await t.start();
    t.step('Ask for a price');
    const answer = await t.http(program, { path: '/price' });
    t.expect(answer.error ?? `${answer.status} ${answer.body}`, { equals: '200 42.00' }, { what: 'The answer to /price', hint: 'answer-prices', at: [/42\.00/, /createServer\(/] });
  }),

  check('reports', async (t) => {
    const program = await t.start();
    const known = new Set<string>();
    // The checksum of 3 000 000 rounds has its highest bit set.
    for (const rounds of [1, 250_000, 3_000_000]) {
      t.step(`Ask for a report of ${rounds} rounds`);
      const answer = await t.http(program, { path: `/report?rounds=${rounds}` });
      right(t, { answer, rounds, what: `The report of ${rounds} rounds`, hint: known.has(answer.body) ? 'answer-this-report' : null });
      known.add(answer.body);
    }
    // Either order: where two reports share what is not theirs, the longer may come right by chance when it is asked for first.
    for (const both of [[3_000_000, 2_000_001], [2_000_001, 3_000_000]]) {
      t.step(`Ask for two reports at once, of ${both.join(' and ')} rounds`);
      const answers = await Promise.all(both.map((rounds) => t.http(program, { path: `/report?rounds=${rounds}` })));
      for (const [i, answer] of answers.entries()) {
        const rounds = both[i] ?? 0;
        const others = answer.body === `checksum ${checksum(both[1 - i] ?? 0)}`;
        right(t, { answer, rounds, what: `The report of ${rounds} rounds, asked for beside another one,`, hint: others ? 'whose-answer' : 'state-of-its-own' });
      }
    }
  }, { needs: ['prices'] }),

  check('unblocked', async (t) => {
    const rounds = roundsFor(HEAVY_MS);
    // Before the clock runs: computed later, it would look like a machine that holds the checker up.
    checksum(rounds);
    const program = await t.start();
    await t.http(program, { path: '/price' });
    t.step(`Ask for a report that takes about ${HEAVY_MS} ms here, and for ${PRICES} prices meanwhile`);
    const report = t.http(program, { path: `/report?rounds=${rounds}`, timeoutMs: 20_000 });
    const prices = await t.httpBurst(program, { path: '/price', count: PRICES, withinMs: HEAVY_MS - 20 });
    const slowest = Math.max(...prices.map(({ totalMs }) => totalMs));
    right(t, { answer: await report, rounds, what: `The report of ${rounds} rounds`, hint: null });
    t.expect(slowest, { atMost: PRICE_MS }, { what: 'The slowest price', unit: 'ms', kind: 'too-slow', hint: hintFor(t), at: LOOP });
  }, { needs: ['reports'] }),

  check('tidy', async (t) => {
    const program = await t.start();
    t.step(`Ask for ${REPORTS} reports, one after another`);
    for (let i = 0; i < REPORTS; i++) await t.http(program, { path: `/report?rounds=${1000 + i}` });
    t.step('Count the workers that still live');
    let left = await program.workers();
    for (let waited = 0; left > 0 && waited < SETTLE_MS; waited += 20) {
      await t.sleep(20);
      left = await program.workers();
    }
    t.expect(left, { atMost: KEPT_WORKERS }, { what: `Workers that live after ${REPORTS} reports`, unit: 'workers', kind: 'leaked', hint: 'end-your-workers', at: [/new Worker\(/, /createServer\(/] });
  }, { needs: ['reports'] }),
];

/** Fails unless a report is that of its rounds. Without a hint that fits the check, what came instead says what was misunderstood. */
function right(t: CheckContext, { answer, rounds, what, hint }: { answer: HttpAnswer; rounds: number; what: string; hint: string | null }): void {
  const sum = checksum(rounds);
  const guess = answer.body === `checksum ${sum | 0}` ? 'not-below-zero' : /^checksum -?\d+$/.test(answer.body) ? 'every-round' : 'answer-this-report';
  t.expect(answer.error ?? `${answer.status} ${answer.body}`, { equals: `200 checksum ${sum}` }, { what, hint: hint ?? guess, at: [/^let /m, ...COMPUTING] });
}

/** By what the source does about it: who has misunderstood what. */
function hintFor({ source }: CheckContext): string {
  const code = source.replaceAll(/\/\/.*$/gm, '');
  if (/Atomics\.wait\(|execSync|execFileSync|spawnSync/.test(code)) return 'do-not-wait';
  if (/queueMicrotask|nextTick|await (null|undefined|\d)|Promise\.resolve\(/.test(code)) return 'microtasks-do-not-yield';
  // Who gives the loop its turn and yet calls checksum() has put the work off; who has a loop of their own has cut it.
  const whole = /(?<!function )\bchecksum\(/.test(code) && !/async function checksum/.test(code);
  if (/setImmediate|setTimeout|scheduler|sleep/.test(code)) return whole ? 'later-is-not-elsewhere' : 'smaller-pieces';
  if (/await /.test(code)) return 'microtasks-do-not-yield';
  return /async /.test(code) ? 'async-is-not-elsewhere' : 'one-thread';
}
