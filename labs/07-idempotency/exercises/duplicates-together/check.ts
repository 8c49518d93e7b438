import { check, type CheckContext, type HttpAnswer, type Program } from 'backend-labs/kit';
import { attempt, chargesOf, told, words, type Intent } from '../../shop.ts';

const PAY = [/(?:async )?function pay\(/, /await askBank/, /createServer\(/];
/** More than anybody's short memory should last. */
const LATER_MS = 200;
/** For an order that does not wait for another: the bank takes 30 ms. Who waits for the slow one takes 360. */
const APART_MS = 300;
/** For who may wait in vain: many times what the bank takes. */
const PATIENCE_MS = 2000;

const startShop = (t: CheckContext, name: string): Promise<Program> => t.start({ env: { DATABASE: `${name}.db` } });

/** A check about time may be run again, in the folder that its first run has left: with a database and keys of its own. */
let runs = 0;

export default [
  check('charges', async (t) => {
    t.step('Start your server, and pay for an order');
    const program = await startShop(t, 'charges');
    const answer = await t.http(program, attempt({ key: 'charges-1', order: 'A-1' }));
    if (answer.status !== 201) t.fail({ kind: 'wrong-answer', message: `An order was not paid for: ${words(answer)}.`, expected: 'status 201 and the charge', actual: words(answer), hint: 'charge-and-answer', at: PAY });
    t.expect(await chargesOf(t, program, 'A-1'), { equals: 1 }, { what: 'Charges of the order', unit: 'charges', hint: 'charge-and-answer', at: PAY });
  }),

  check('together', async (t) => {
    const program = await startShop(t, 'together');
    t.step('Send a request twice at the same time, as a network may that repeats it');
    const pair = await t.http(program, { ...attempt({ key: 'together-1', order: 'B-1' }), fault: 'duplicated-at-once' });
    await oneCharge(t, program, 'B-1', pair.copy ? [pair, pair.copy] : [pair]);
    t.step('Send one about which the bank takes its time six times at the same time, and meanwhile two others');
    // So that all copies are there before the first is done, and the charges come in another order than the requests.
    const six = t.httpBurst(program, { ...attempt({ key: 'together-2', order: 'slow-2' }), count: 6, withinMs: 150 });
    const others = [20, 100].map(async (ms, i) => {
      await t.sleep(ms);
      await t.http(program, attempt({ key: `together-other-${i}`, order: `B-other-${i}` }));
    });
    const copies = await six;
    await Promise.all(others);
    await oneCharge(t, program, 'slow-2', copies);
  }, { needs: ['charges'] }),

  check('apart', async (t) => {
    const run = ++runs;
    const program = await startShop(t, `apart-${run}`);
    t.step('Pay for an order about which the bank takes its time, and meanwhile for four others');
    const slow = t.http(program, attempt({ key: `apart-${run}-slow`, order: 'slow-1' }));
    // So that the slow one is there first, whatever the others do.
    await t.sleep(40);
    t.expect(await chargesOf(t, program, 'slow-1'), { equals: 0 }, { what: 'Charges of the slow order before the bank had answered', unit: 'charges', hint: 'ask-before-you-charge', at: [/charge\(order\)/, ...PAY] });
    const others = await Promise.all([1, 2, 3, 4].map((i) => t.http(program, attempt({ key: `apart-${run}-${i}`, order: `C-${i}` }))));
    await slow;
    t.expect(others.filter(({ status }) => status !== 201).length, { equals: 0 }, { what: 'Other orders that were not paid', unit: 'orders', hint: 'charge-and-answer', at: PAY });
    t.step('Pay for the same thing twice at the same time, each time with a key of its own');
    await Promise.all(['same-1', 'same-2'].map((key) => t.http(program, attempt({ key: `apart-${run}-${key}`, order: 'C-same' }))));
    t.expect(await chargesOf(t, program, 'C-same'), { equals: 2 }, { what: 'Charges for two purchases of the same thing', unit: 'charges', hint: 'two-keys-two-purchases', at: PAY });
    t.expect(Math.round(Math.max(...others.map(({ totalMs }) => totalMs))), { atMost: APART_MS }, { what: 'The slowest of the other orders, while the bank thinks about the slow one for 400 ms', unit: 'ms', kind: 'too-slow', hint: 'only-the-same-key', at: [/let line|let last|let queue|let lock/, ...PAY] });
  }, { needs: ['charges'] }),

  check('outage', async (t) => {
    const program = await startShop(t, 'outage');
    const intent: Intent = { key: 'outage-1', order: 'down-1' };
    t.step('Pay for an order while the bank is out of reach');
    const failed = await t.http(program, attempt(intent));
    t.expect(failed.error ?? failed.status, { equals: 503 }, { what: 'The status while the bank is out of reach', hint: 'leave-the-list', at: [/503/] });
    t.step('Retry, now that the bank is back');
    const answer = await t.http(program, attempt(intent));
    t.expect(answer.error ?? answer.status, { equals: 201 }, { what: 'The status of the retry', hint: 'a-failure-is-no-answer', at: [/replies\.set\(/, ...PAY] });
    t.expect(await chargesOf(t, program, 'down-1'), { equals: 1 }, { what: 'Charges of the order', unit: 'charges', hint: 'a-failure-is-no-answer', at: PAY });
    t.step('Send another order four times at the same time, about which the bank cannot be reached at first');
    const copies = await t.httpBurst(program, { ...attempt({ key: 'outage-2', order: 'down-2' }), count: 4, withinMs: 5, timeoutMs: PATIENCE_MS });
    // A copy may share the failure of the first, or ask the bank again when that has failed.
    const silent = copies.find(({ status }) => status !== 503 && status !== 201);
    if (silent) t.fail({ kind: 'wrong-answer', message: `When the first copy failed, another one was told something else: ${words(silent)}.`, expected: '503, or 201 when the bank was asked again', actual: words(silent), hint: 'a-failure-is-for-all', at: [/catch/, ...PAY] });
    t.expect(await chargesOf(t, program, 'down-2'), { atMost: 1 }, { what: 'Charges of that order', unit: 'charges', hint: 'look-again', at: PAY });
  }, { needs: ['together'] }),

  check('later', async (t) => {
    const program = await startShop(t, 'later');
    const intent: Intent = { key: 'later-1', order: 'D-1' };
    const first = await t.http(program, attempt(intent));
    for (const wait of [0, LATER_MS]) {
      t.step(wait === 0 ? 'Retry when the first request is done' : `Retry once more, ${LATER_MS} ms later`);
      await t.sleep(wait);
      const again = await t.http(program, attempt(intent));
      const charges = await chargesOf(t, program, 'D-1');
      if (charges === 1 && told(again) === told(first)) continue;
      t.fail({ kind: 'wrong-answer', message: `A retry that came ${wait === 0 ? 'after the answer' : `${LATER_MS} ms later`} was not recognised: ${words(again)}.`, expected: '1 charge and the first answer', actual: `${charges} charges, ${words(again)}`, hint: wait === 0 ? 'keep-it-afterwards' : 'retries-come-late', at: [/setTimeout\(/, /\.delete\(key\)/, ...PAY] });
    }
  }, { needs: ['charges'] }),
];

/** Fails unless copies that came together are one charge, and all were told of it. */
async function oneCharge(t: CheckContext, program: Program, order: string, copies: readonly HttpAnswer[]): Promise<void> {
  const charges = await chargesOf(t, program, order);
  t.expect(charges, { equals: 1 }, { what: `Charges for ${copies.length} copies of one request`, unit: 'charges', hint: 'claim-before-you-wait', at: PAY });
  const first = copies.find(({ status, body }) => status === 201 && body.includes('"id"'));
  const other = copies.find((copy) => !first || told(copy) !== told(first));
  if (!other) return;
  const refused = (other.status ?? 0) >= 400;
  t.fail({
    kind: 'wrong-answer',
    message: `One of ${copies.length} copies was told something else: ${words(other)}.`,
    expected: 'the same answer to each: 201 and the charge',
    actual: words(other),
    hint: refused ? 'wait-instead-of-409' : 'answer-when-it-is-known',
    at: [/409/, /accepted/, ...PAY],
  });
}
