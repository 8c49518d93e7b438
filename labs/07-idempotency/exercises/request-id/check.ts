import { check, type CheckContext, type HttpAnswer, type Program } from 'backend-labs/kit';
import { attempt, chargesOf, chargesOfAll, told, words, type Intent } from '../../shop.ts';

const PAY = [/(?:async )?function pay\(/, /charge\(order\)/, /createServer\(/];
/** More than any seed needs. */
const MOST_ATTEMPTS = 20;
/** More than anybody's small memory should hold. */
const MANY = 128;
/** More than anybody's short memory should last. */
const LATER_MS = 200;

const startShop = (t: CheckContext, name: string): Promise<Program> => t.start({ env: { DATABASE: `${name}.db` } });

export default [
  check('charges', async (t) => {
    t.step('Start your server');
    const program = await startShop(t, 'charges');
    t.step('Pay for an order');
    const answer = await t.http(program, attempt({ key: 'charges-1', order: 'A-1' }));
    paid(t, answer);
    t.expect(await chargesOf(t, program, 'A-1'), { equals: 1 }, { what: 'Charges of the order', unit: 'charges', hint: 'charge-and-answer', at: PAY });
    t.step('Send a request without a key');
    const { headers: _none, ...keyless } = attempt({ key: '', order: 'A-2' });
    const refused = await t.http(program, keyless);
    t.expect(refused.error ?? refused.status, { equals: 400 }, { what: 'The status of a request without a key', hint: 'leave-the-list', at: [/idempotency-key/] });
  }),

  check('retry', async (t) => {
    const program = await startShop(t, 'retry');
    const intent: Intent = { key: 'retry-1', order: 'B-1' };
    t.step('Pay for an order; the reply is lost');
    await t.http(program, { ...attempt(intent), fault: 'lost-reply' });
    t.step('Send the same request three times more');
    const second = await t.http(program, attempt(intent));
    await t.http(program, attempt(intent));
    const fourth = await t.http(program, attempt(intent));
    onlyOnce(t, await chargesOf(t, program, 'B-1'), fourth);
    sameAnswer(t, second, fourth);
    t.step('Compare with what an order that goes well is told');
    const smooth = await t.http(program, attempt({ key: 'retry-2', order: 'B-2' }));
    paid(t, smooth);
    const again = await t.http(program, attempt({ key: 'retry-2', order: 'B-2' }));
    sameAnswer(t, smooth, again);
    t.step(`Retry once more, ${LATER_MS} ms later`);
    await t.sleep(LATER_MS);
    const late = await t.http(program, attempt({ key: 'retry-2', order: 'B-2' }));
    t.expect(await chargesOf(t, program, 'B-2'), { equals: 1 }, { what: `Charges of an order that was retried ${LATER_MS} ms later`, unit: 'charges', hint: 'retries-come-late', at: [/setTimeout\(/, ...PAY] });
    sameAnswer(t, smooth, late);
  }, { needs: ['charges'] }),

  check('other-keys', async (t) => {
    const program = await startShop(t, 'other-keys');
    t.step('Buy the same thing twice: the same body, with a key of its own each time');
    for (const key of ['other-keys-1', 'other-keys-2']) await t.http(program, attempt({ key, order: 'C-1' }));
    t.expect(await chargesOf(t, program, 'C-1'), { equals: 2 }, { what: 'Charges for two purchases of the same thing', unit: 'charges', hint: 'the-key-is-the-intent', at: [/JSON\.stringify\(order\)/, /WHERE order_id/, ...PAY] });
    t.step('Send one of these keys with another order, as a client with a bug would');
    await t.http(program, attempt({ key: 'other-keys-2', order: 'C-2', cents: 999_999 }));
    t.expect(await chargesOf(t, program, 'C-2'), { equals: 0 }, { what: 'Charges for another body with a key that has been used', unit: 'charges', hint: 'the-key-alone', at: [/JSON\.stringify\(order\)/, ...PAY] });
    t.step('Buy it again with a key in capital letters, and with a key that is the name of something in JavaScript');
    for (const key of ['OTHER-KEYS-1', 'constructor']) {
      const answer = await t.http(program, attempt({ key, order: `C-${key}` }));
      t.expect(told(answer).slice(0, 3), { equals: '201' }, { what: `The status for the new key ${key}`, hint: 'any-string-is-a-key', at: [/\{\};/, ...PAY] });
      t.expect(await chargesOf(t, program, `C-${key}`), { equals: 1 }, { what: `Charges for the new key ${key}`, unit: 'charges', hint: 'any-string-is-a-key', at: [/\{\};/, ...PAY] });
    }
  }, { needs: ['retry'] }),

  check('late', async (t) => {
    const program = await startShop(t, 'late');
    t.step(`Pay for ${MANY} orders; the reply to each is lost`);
    const intents = Array.from({ length: MANY }, (_, i): Intent => ({ key: `late-${i}`, order: `D-${i}` }));
    await Promise.all(intents.map((intent) => t.http(program, { ...attempt(intent), fault: 'lost-reply' })));
    t.step('Retry all of them');
    const answers = await Promise.all(intents.map((intent) => t.http(program, attempt(intent))));
    const charges = await chargesOfAll(t, program, intents);
    t.expect(Math.max(...charges), { equals: 1 }, { what: 'Charges of an order that was retried after others', unit: 'charges', hint: 'keep-them-all', at: [/let last\w+/, ...PAY] });
    const mixed = answers.find(({ body }, i) => !body.includes(`"D-${i}"`));
    if (mixed) t.fail({ kind: 'wrong-answer', message: `A retry was told of another order’s charge: ${words(mixed)}.`, expected: 'the charge of its own order', actual: words(mixed), hint: 'keep-the-answer', at: PAY });
  }, { needs: ['retry'] }),

  check('network', async (t) => {
    const program = await startShop(t, 'network');
    const draw = t.drawFaults({ 'lost-request': 0.2, 'lost-reply': 0.3, duplicated: 0.2 });
    t.step('Pay for 20 orders over a network that loses requests and replies and repeats some, and retry each until it is answered');
    for (let i = 0; i < 20; i++) {
      const intent: Intent = { key: `network-${i}`, order: `E-${i}` };
      let answer: HttpAnswer;
      let sent = 0;
      do answer = await t.http(program, { ...attempt(intent), fault: draw() });
      while (answer.status !== 201 && ++sent < MOST_ATTEMPTS);
      paid(t, answer);
    }
    const charges = await chargesOfAll(t, program, Array.from({ length: 20 }, (_, i) => ({ order: `E-${i}` })));
    t.expect(charges.filter((count) => count !== 1).length, { equals: 0 }, { what: 'Orders that were not charged exactly once', unit: 'orders', hint: 'remember-the-key', at: PAY });
  }, { needs: ['retry'] }),
];

function paid(t: CheckContext, answer: HttpAnswer): void {
  if (answer.status !== 201) t.fail({ kind: 'wrong-answer', message: `An order was not paid for: ${words(answer)}.`, expected: 'status 201 and the charge', actual: words(answer), hint: 'charge-and-answer', at: PAY });
}

function onlyOnce(t: CheckContext, charges: number, { body }: HttpAnswer): void {
  if (charges === 1) return;
  const byConnection = /request\.(socket|connection)|remotePort/.test(t.source);
  t.fail({
    kind: 'wrong-answer',
    message: `The customer was charged ${charges} times for one order; the last answer was ${body.slice(0, 60)}.`,
    expected: '1 charge',
    actual: `${charges} charges`,
    hint: byConnection ? 'a-retry-is-a-new-connection' : /setTimeout\(/.test(t.source) ? 'retries-come-late' : /\.delete\(/.test(t.source) ? 'any-number-of-times' : 'remember-the-key',
    at: [/\.delete\(/, /request\.socket/, ...PAY],
  });
}

/** Fails unless a retry is told what the first request was told. */
function sameAnswer(t: CheckContext, first: HttpAnswer, again: HttpAnswer): void {
  if (first.status === 201 && told(first) === told(again) && first.body.includes('"id"')) return;
  const refused = (again.status ?? 0) >= 400;
  t.fail({
    kind: 'wrong-answer',
    message: refused ? `A retry was told that it failed (${words(again)}), although the order is paid.` : `A retry was told something else than the request before it: ${words(again)}.`,
    expected: 'the first answer again: 201 and the charge',
    actual: words(again),
    hint: refused ? 'a-retry-is-no-error' : 'keep-the-answer',
    at: [/409/, /body: '\{\}'/, ...PAY],
  });
}
