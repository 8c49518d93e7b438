import { check, type CheckContext } from 'backend-labs/kit';

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
    for (const rounds of [1, 250_000]) {
      t.step(`Ask for a report of ${rounds} rounds`);
      const answer = await t.http(program, { path: `/report?rounds=${rounds}` });
      t.expect(answer.error ?? `${answer.status} ${answer.body}`, { equals: `200 checksum ${checksum(rounds)}` }, { what: `The report of ${rounds} rounds`, hint: 'answer-this-report', at: COMPUTING });
    }
    const both = [3_000_000, 2_000_001];
    t.step(`Ask for two reports at once, of ${both.join(' and ')} rounds`);
    const answers = await Promise.all(both.map((rounds) => t.http(program, { path: `/report?rounds=${rounds}` })));
    for (const [i, answer] of answers.entries()) {
      const rounds = both[i] ?? 0;
      t.expect(answer.error ?? answer.body, { equals: `checksum ${checksum(rounds)}` }, { what: `The report of ${rounds} rounds, asked for beside another one,`, hint: 'state-of-its-own', at: [/^let /m, ...COMPUTING] });
    }
  }, { needs: ['prices'] }),

  check('unblocked', async (t) => {
    const rounds = roundsFor(HEAVY_MS);
    const program = await t.start();
    await t.http(program, { path: '/price' });
    t.step(`Ask for a report that takes about ${HEAVY_MS} ms here, and for ${PRICES} prices meanwhile`);
    const report = t.http(program, { path: `/report?rounds=${rounds}`, timeoutMs: 20_000 });
    const prices = await t.httpBurst(program, { path: '/price', count: PRICES, withinMs: HEAVY_MS - 20 });
    const slowest = Math.max(...prices.map(({ totalMs }) => totalMs));
    await report;
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

/** By what the source does about it: who has misunderstood what. */
function hintFor({ source }: CheckContext): string {
  const code = source.replaceAll(/\/\/.*$/gm, '');
  if (/Atomics\.wait\(|execSync|execFileSync|spawnSync/.test(code)) return 'do-not-wait';
  if (/await new Promise[^;]*setImmediate|await setImmediate|await sleep/.test(code)) return 'smaller-pieces';
  if (/await |queueMicrotask|nextTick/.test(code)) return 'microtasks-do-not-yield';
  if (/setImmediate\(|setTimeout\(/.test(code)) return 'later-is-not-elsewhere';
  return /async /.test(code) ? 'async-is-not-elsewhere' : 'one-thread';
}

/** What the reports are to be. */
function checksum(rounds: number): number {
  let x = 1;
  for (let i = 0; i < rounds; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
  }
  return x >>> 0;
}

/** How many rounds take so long here, by the fastest of a few tries: on a machine that is busy just now, the report takes longer. */
function roundsFor(milliseconds: number): number {
  const tries = 2_000_000;
  let best = Infinity;
  for (let i = 0; i < 8; i++) {
    const before = performance.now();
    checksum(tries);
    best = Math.min(best, performance.now() - before);
  }
  return Math.round((tries * milliseconds) / best);
}
