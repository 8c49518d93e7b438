import { check, type CheckContext, type HttpAnswer } from 'backend-labs/kit';
import { SALE_TAKES_MS, sold, surelyAtOnce } from '../../sales.ts';

const LIMIT = 8;
const SURPLUS = 4;
/** How long a refusal may take; the handler decides in microseconds. */
const REFUSAL_MS = 200;
/** What a sale may take: the machine may add as much again. */
const SALE_MS = 2 * SALE_TAKES_MS;
/** A timer may be a millisecond early. */
const FASTEST_MS = SALE_TAKES_MS - 3;
/** For a client's going away to be noticed. */
const GONE_MS = 150;

/** A refusal, and not the comment above that asks for one. */
const REFUSAL = /(?<!\/\/.*)503/;
const HANDLER = [/selling\s*>=?\s*/, REFUSAL, /Your work starts here/, /createServer\(/];
const RELEASE = [/finally/, /--|-= 1/, /\+\+|\+= 1/, /createServer\(/];

export default [
  check('serves', async (t) => {
    t.step('Start your server');
    const program = await t.start();
    t.step(`Send ${LIMIT} requests at once: as many as the limit`);
    const answers = await t.httpBurst(program, { count: LIMIT, withinMs: 5 });
    answered(t, answers);
    const served = count(answers, sold);
    t.expect(served, { equals: LIMIT }, { what: 'Clients that got 200 and “sold”', unit: 'clients', hint: served === 0 ? 'sold-is-the-word' : 'serve-the-limit', at: [/LIMIT - 1|> LIMIT|>= LIMIT/, ...HANDLER] });
    t.expect(Math.round(Math.min(...answers.map(({ totalMs }) => totalMs))), { atLeast: FASTEST_MS }, { what: 'The fastest sale', unit: 'ms', hint: 'sold-when-it-is', at: [/await sell/, ...HANDLER] });
  }),

  check('refuses', async (t) => {
    const program = await t.start();
    t.step(`Send ${LIMIT + SURPLUS} requests at once: ${SURPLUS} more than the limit`);
    const answers = await t.httpBurst(program, { count: LIMIT + SURPLUS, withinMs: 5 });
    answered(t, answers);
    const refused = answers.filter((answer) => !sold(answer));
    cleanly(t, refused);
    if (refused.length < SURPLUS) {
      if (surelyAtOnce(answers) <= LIMIT) t.fail({ kind: 'unfit-machine', message: 'This machine is too busy to decide: the requests came so far apart that places were free again. Grade again when less is running.' });
      t.fail({
        kind: 'wrong-answer',
        message: `${count(answers, sold)} sales ran at the same time; the database has ${LIMIT} connections.`,
        expected: `${LIMIT} sold and ${SURPLUS} refused`,
        actual: `${count(answers, sold)} sold and ${refused.length} refused`,
        hint: 'refuse-beyond-the-limit',
        at: HANDLER,
      });
    }
    t.step('Look at how long the refusals took');
    const slowest = Math.max(...refused.map((answer) => answer.totalMs));
    t.expect(slowest, { atMost: REFUSAL_MS }, { what: 'The slowest refusal', unit: 'ms', kind: 'too-slow', hint: 'refuse-at-once', at: [/await sleep\((?!300)/, ...HANDLER] });
    t.step('Look for Retry-After');
    t.expect(refused.every((answer) => answer.headers['retry-after'] !== undefined), { equals: true }, { what: 'Every refusal has a Retry-After header', hint: 'say-when', at: [REFUSAL, ...HANDLER] });
    t.step(`Send ${LIMIT} requests, and ${LIMIT} more when these sales are half over`);
    const fresh = await t.start();
    const first = t.httpBurst(fresh, { count: LIMIT, withinMs: 5 });
    await t.sleep(SALE_TAKES_MS / 2);
    const second = await t.httpBurst(fresh, { count: LIMIT, withinMs: 5 });
    expectBounded(t, [...(await first), ...second], 'held-until-it-is-over');
  }),

  check('recovers', async (t) => {
    const program = await t.start();
    for (const round of ['first', 'second', 'third']) {
      t.step(`Send ${LIMIT} requests and wait for their answers, the ${round} time`);
      const answers = await t.httpBurst(program, { count: LIMIT, withinMs: 5 });
      const least = round === 'first' ? 1 : LIMIT - 1;
      t.expect(count(answers, sold), { atLeast: least }, { what: `Clients of the ${round} house that got “sold”`, unit: 'clients', hint: 'free-the-place', at: RELEASE });
    }
    t.step(`Send ${2 * LIMIT} requests at once after that`);
    expectBounded(t, await t.httpBurst(program, { count: 2 * LIMIT, withinMs: 5 }), 'free-it-once');
    t.step(`Send ${LIMIT} requests once more`);
    const last = count(await t.httpBurst(program, { count: LIMIT, withinMs: 5 }), sold);
    t.expect(last, { atLeast: LIMIT - 1 }, { what: 'Clients that got “sold” after some had been refused', unit: 'clients', hint: 'who-is-refused-takes-no-place', at: RELEASE });
  }, { needs: ['serves'] }),

  check('abandoned', async (t) => {
    const program = await t.start();
    t.step(`Send ${LIMIT} requests whose clients hang up after 50 ms, in the middle of their sales`);
    const leavers = await Promise.all(Array.from({ length: LIMIT }, () => t.connect(program)));
    for (const client of leavers) await client.write('GET / HTTP/1.1\r\nHost: shop\r\n\r\n');
    await t.sleep(50);
    for (const client of leavers) client.close();
    const left = performance.now();
    t.step('Send one request more, again and again until there is a place');
    let sentMs = 0;
    let answer: HttpAnswer;
    do {
      sentMs = performance.now() - left;
      answer = await t.http(program);
      if (answer.status !== 200) await t.sleep(20);
    } while (answer.status !== 200 && sentMs < SALE_MS);
    t.expect(answer.error ?? answer.status, { equals: 200 }, { what: 'The status of the next client’s answer', hint: 'free-it-always', at: RELEASE });
    // What is left of the sales would take 250 ms.
    t.expect(Math.round(sentMs), { atMost: GONE_MS }, { what: 'From their hanging up until there was a place', unit: 'ms', kind: 'too-slow', hint: 'gone-is-gone', at: [/new AbortController\(\)\.signal/, /sell\(/, ...RELEASE] });
    t.step(`Send ${2 * LIMIT} requests at once after that`);
    expectBounded(t, await t.httpBurst(program, { count: 2 * LIMIT, withinMs: 5 }), 'free-it-once');
  }, { needs: ['recovers'] }),
];

/** Fails where more than LIMIT sales ran at the same time, whatever the machine has added to their times. */
function expectBounded(t: CheckContext, answers: readonly HttpAnswer[], hint: string): void {
  t.expect(surelyAtOnce(answers), { atMost: LIMIT }, { what: 'Sales that ran at the same time', unit: 'sales', hint, at: RELEASE });
}

/** Fails where a client waited for an answer until it gave up. */
function answered(t: CheckContext, answers: readonly HttpAnswer[]): void {
  const left = count(answers, (answer) => answer.error === 'TIMEOUT');
  if (left > 0) t.fail({ kind: 'hung', message: `${left} of ${answers.length} clients got no answer at all, until they gave up.`, expected: 'an answer to each client', actual: `${left} without one`, hint: 'answer-everyone', at: [/^\s*return;|\) return;/m, ...HANDLER] });
}

/** Fails unless each refusal is a whole reply with status 503. */
function cleanly(t: CheckContext, refused: readonly HttpAnswer[]): void {
  const broken = refused.find((answer) => answer.error !== null);
  if (broken) {
    t.fail({
      kind: 'wrong-answer',
      message: `A client beyond the limit got no reply: its connection broke with ${broken.error ?? ''}.`,
      expected: 'a whole reply with status 503',
      actual: broken.error ?? '',
      hint: /\.maxConnections\b/.test(t.source) ? 'max-connections-resets' : 'a-no-is-a-reply',
      at: [/\.maxConnections/, /\.destroy\(\)|resetAndDestroy/, ...HANDLER],
    });
  }
  const other = refused.find((answer) => answer.status !== 503);
  if (other) t.fail({ kind: 'wrong-answer', message: 'A client beyond the limit was not told so.', expected: 'status 503', actual: `status ${other.status} and “${other.body.slice(0, 40)}”`, hint: 'status-says-no', at: [/busy/, ...HANDLER] });
}

function count(answers: readonly HttpAnswer[], wanted: (answer: HttpAnswer) => boolean): number {
  return answers.filter(wanted).length;
}
