import { check, type BurstResult, type CheckContext, type Program } from 'backend-labs/kit';

const CLIENTS = 100;
const BURST_MS = 50;
const LIMIT_MS = 1000;
/** The checksum of all 50 000 sales, computed as the starter does. */
const REPORT = `checksum ${checksum(50_000)}`;

const LISTEN = [/\.listen\(/, /createServer\(/];

export default [
  check('serves', async (t) => {
    t.step('Start your server');
    const program = await t.start();
    t.step('Send an order');
    const answer = await t.http(program, { path: '/order' });
    t.expect(answer.error ?? answer.status, { equals: 200 }, { what: 'The status of an order', hint: 'answer-orders', at: [/response\.end\('order/, /createServer\(/] });
    t.expect(answer.body, { equals: 'order taken' }, { what: 'The answer to an order', hint: 'answer-orders', at: [/order taken/, /createServer\(/] });
  }),

  check('reports', async (t) => {
    const program = await t.start();
    t.step('Ask for /report');
    const answer = await t.http(program, { path: '/report' });
    t.expect(answer.body, { equals: REPORT }, { what: 'The report', hint: 'report-is-fixed', at: [/function report/, /report/] });
  }),

  check('burst', async (t) => {
    t.step('Start your server');
    const program = await t.start();
    t.step('Ask for /report, which keeps the loop busy for about 400 ms');
    const report = t.http(program, { path: '/report' });
    await t.sleep(60);
    await allConnect(t, program, (atOnce) => hintFor(t, atOnce));
    await report;
    // Answered when all that came before it have been accepted: what follows finds an empty queue.
    await t.http(program, { path: '/order' });
    // A report that was moved elsewhere, or shortened, leaves the queue as it was; the next long callback fills it.
    t.step('Keep the loop busy for 400 ms by something else');
    await program.blockLoop(400);
    await allConnect(t, program, () => 'whatever-the-loop-does');
  }),
];

/** Fails unless the whole burst is connected in time. `hint` is told how many were connected at once. */
async function allConnect(t: CheckContext, program: Program, hint: (atOnce: number) => string): Promise<void> {
  t.step(`Connect ${CLIENTS} clients within ${BURST_MS} ms meanwhile`);
  const burst = await t.burst(program, { count: CLIENTS, withinMs: BURST_MS, timeoutMs: 2 * LIMIT_MS });
  const inTime = burst.connectMs.filter((ms) => ms < LIMIT_MS).length;
  if (inTime === CLIENTS) return;
  const atOnce = burst.connectMs.filter((ms) => ms < LIMIT_MS / 2).length;
  t.fail({
    kind: 'wrong-answer',
    message: `${CLIENTS - inTime} of ${CLIENTS} clients were not connected within ${LIMIT_MS} ms: the accept queue was full, and their SYNs were dropped.`,
    expected: `${CLIENTS} clients connected in under ${LIMIT_MS} ms`,
    actual: `${atOnce} at once, ${slowest(burst)}`,
    hint: hint(atOnce),
    at: LISTEN,
  });
}

function slowest(burst: BurstResult): string {
  return burst.failed > 0 ? `${burst.failed} not within ${2 * LIMIT_MS} ms` : `the last after ${Math.round(burst.slowestMs)} ms`;
}

/** What the number that got in, and what was tried instead, say of the picture behind it. */
function hintFor(t: CheckContext, atOnce: number): string {
  if (/\.maxConnections\b/.test(t.source)) return 'max-connections';
  const [listens = ''] = /\.listen\([^;]*/.exec(t.source) ?? [];
  if (/\bbacklog\b/.test(t.source.replace(listens, '').replaceAll(/\/\/.*/g, ''))) return 'backlog-belongs-to-listen';
  if (/new Worker\(/.test(t.source)) return 'whatever-the-loop-does';
  // Where the loop is held up before the burst, more get in at once, whatever the queue holds.
  if (atOnce > 17 && !/\bbacklog:\s*16\b/.test(listens)) return 'backlog-too-small';
  if (/setImmediate|setTimeout|nextTick|queueMicrotask|async function report|\.then\(/.test(t.source)) return 'still-one-thread';
  return 'raise-the-backlog';
}

function checksum(sales: number): number {
  let sum = 0;
  for (let sale = 1; sale <= sales; sale++) sum = (sum * 31 + sale) % 1_000_003;
  return sum;
}
