import { check, type CheckContext, type HttpAnswer, type Program } from 'backend-labs/kit';
import { attempt, chargesOf, told, words, type Intent } from '../../shop.ts';

const TRANSACTION = [/exec\('COMMIT'\)/, /INSERT INTO replies/, /charge\(order\)/, /createServer\(/];
const PAY = [/(?:async )?function pay\(/, /createServer\(/];
/** A request after its first one takes fewer statements; a search never needs more halvings. */
const MOST_PROBES = 12;
/** For an order that does not wait for another: the bank takes 30 ms. Who waits for the slow one takes 360. */
const APART_MS = 300;

/** A check about time may be run again, in the folder that its first run has left: with a database and keys of its own. */
let runs = 0;

export default [
  check('restart', async (t) => {
    const start = (): Promise<Program> => t.start({ env: { DATABASE: 'restart.db' } });
    const intent: Intent = { key: 'restart-1', order: 'A-1' };
    t.step('Start your server, pay for an order, kill the server by SIGKILL, start it again');
    let program = await start();
    const first = await t.http(program, attempt(intent));
    t.expect(first.error ?? first.status, { equals: 201 }, { what: 'The status of the payment', hint: 'charge-and-answer', at: PAY });
    await program.kill();
    program = await start();
    t.step('Retry with the same key');
    const again = await t.http(program, attempt(intent));
    t.expect(await chargesOf(t, program, 'A-1'), { equals: 1 }, { what: 'Charges of the order', unit: 'charges', hint: 'memory-is-gone', at: [/new Map/, ...PAY] });
    t.expect(told(again), { equals: told(first) }, { what: 'The answer to the retry', hint: 'keep-the-answer-too', at: PAY });
    t.step('Order the same again, with a key of its own');
    await t.http(program, attempt({ ...intent, key: 'restart-2' }));
    t.expect(await chargesOf(t, program, 'A-1'), { equals: 2 }, { what: 'Charges for two keys', unit: 'charges', hint: 'two-keys-two-purchases', at: PAY });
  }),

  check('anywhere', async (t) => {
    const start = (): Promise<Program> => t.start({ countStatements: true, env: { DATABASE: 'anywhere.db' } });
    let program = await start();
    t.step('Count the statements of one payment');
    await t.http(program, attempt({ key: 'count-0', order: 'B-0' }));
    const before = await program.statements();
    await t.http(program, attempt({ key: 'count-1', order: 'B-1' }));
    // A statement may still follow the answer.
    await t.sleep(20);
    let charged = (await program.statements()) - before + 1;
    let uncharged = 0;
    // Whatever is wrong is wrong next to the moment of the charge: halve the way to it, and look at every stop.
    for (let probe = 0; probe < MOST_PROBES && charged - uncharged > 1; probe++) {
      const n = uncharged === 0 && probe === 0 ? t.random.integer(1, charged - 1) : Math.floor((uncharged + charged) / 2);
      const intent: Intent = { key: `probe-${n}`, order: `B-probe-${n}` };
      t.step(`Kill the server just before the ${ordinal(n)} statement of a payment, start it again, retry`);
      await program.killBeforeStatement(n);
      await t.http(program, attempt(intent));
      await program.ended();
      program = await start();
      const found = await chargesOf(t, program, intent.order);
      const answer = await retried(t, program, intent);
      exactlyOnce(t, { n, found, answer, charges: await chargesOf(t, program, intent.order) });
      if (found > 0) charged = n;
      else uncharged = n;
    }
  }, { needs: ['restart'] }),

  check('other-body', async (t) => {
    const start = (): Promise<Program> => t.start({ env: { DATABASE: 'other-body.db' } });
    const intent: Intent = { key: 'body-1', order: 'C-1' };
    let program = await start();
    t.step('Pay for an order, then send another amount with the same key');
    const first = await t.http(program, attempt(intent));
    await refused(t, program, intent, 'other-body-other-request');
    t.step('Send another order of the same amount with that key');
    const other = await t.http(program, attempt({ ...intent, order: 'C-2' }));
    t.expect(other.error ?? other.status, { equals: 422 }, { what: 'The status of another order with the same key', hint: 'other-body-other-request', at: [/fingerprint/, ...PAY] });
    t.step('Send the first request again');
    const again = await t.http(program, attempt(intent));
    t.expect(told(again), { equals: told(first) }, { what: 'The answer to the first request’s retry', hint: 'keep-the-answer-too', at: PAY });
    t.step('Kill the server, start it again, and try the other amount once more');
    await program.kill();
    program = await start();
    await refused(t, program, intent, 'fingerprint-in-the-database');
  }, { needs: ['restart'] }),

  check('together', async (t) => {
    const run = ++runs;
    const program = await t.start({ env: { DATABASE: `together-${run}.db` } });
    t.step('Pay for three orders at the same time, each with its own key');
    const several = await Promise.all([1, 2, 3].map((i) => t.http(program, attempt({ key: `together-${run}-${i}`, order: `D-${i}` }))));
    const failed = several.find(({ status }) => status !== 201);
    if (failed) t.fail({ kind: 'wrong-answer', message: `Of three orders at the same time one was not paid: ${words(failed)}.`, expected: 'three charges', actual: words(failed), hint: 'no-await-in-a-transaction', at: [/BEGIN/, ...PAY] });
    t.step('Send one request twice at the same time');
    const pair = await t.http(program, { ...attempt({ key: `together-${run}-4`, order: 'D-4' }), fault: 'duplicated-at-once' });
    t.expect(await chargesOf(t, program, 'D-4'), { equals: 1 }, { what: 'Charges for two copies of one request', unit: 'charges', hint: 'copies-wait', at: PAY });
    const copy = pair.copy ?? pair;
    if (told(pair) !== told(copy) || pair.status !== 201) {
      const other = pair.status === 201 ? copy : pair;
      t.fail({ kind: 'wrong-answer', message: `One of two copies was told something else: ${words(other)}.`, expected: 'the same answer to both: 201 and the charge', actual: words(other), hint: 'copies-wait', at: PAY });
    }
    t.step('Pay for an order about which the bank takes its time, and meanwhile for another');
    const slow = t.http(program, attempt({ key: `together-${run}-slow`, order: 'slow-1' }));
    // So that the slow one is there first, whatever the other does.
    await t.sleep(40);
    const { status, totalMs } = await t.http(program, attempt({ key: `together-${run}-5`, order: 'D-5' }));
    await slow;
    t.expect(status, { equals: 201 }, { what: 'The status of an order with a key of its own', hint: 'charge-and-answer', at: PAY });
    t.expect(Math.round(totalMs), { atMost: APART_MS }, { what: 'The answer to another order, while the bank thinks about the slow one for 400 ms', unit: 'ms', kind: 'too-slow', hint: 'only-the-same-key', at: PAY });
    t.step('Pay for an order about which the bank takes its time, and meanwhile send another amount with its key');
    const other: Intent = { key: `together-${run}-reused`, order: 'slow-2' };
    const atWork = t.http(program, attempt(other));
    await t.sleep(40);
    const reused = await t.http(program, attempt({ ...other, cents: 999_999 }));
    await atWork;
    t.expect(reused.error ?? reused.status, { equals: 422 }, { what: 'The status of another body with a key that is being worked at', hint: 'also-while-at-work', at: PAY });
    t.expect(await chargesOf(t, program, 'slow-2'), { equals: 1 }, { what: 'Charges of the slow order', unit: 'charges', hint: 'also-while-at-work', at: PAY });
  }, { needs: ['restart', 'other-body'] }),
];

/** The retry of a client that got no answer: a few times, since a server may say that it is still at work. */
async function retried(t: CheckContext, program: Program, intent: Intent): Promise<HttpAnswer> {
  let answer = await t.http(program, attempt(intent));
  for (let again = 0; again < 2 && answer.status === 409; again++) {
    await t.sleep(50);
    answer = await t.http(program, attempt(intent));
  }
  return answer;
}

function exactlyOnce(t: CheckContext, { n, found, answer, charges }: { n: number; found: number; answer: HttpAnswer; charges: number }): void {
  const when = `after SIGKILL before statement ${n}`;
  if (charges > 1) t.fail({ kind: 'wrong-answer', message: `The customer was charged ${charges} times ${when} and a retry.`, expected: '1 charge', actual: `${charges} charges`, hint: 'one-transaction', at: TRANSACTION });
  if (answer.status === 201 && charges === 0) t.fail({ kind: 'wrong-answer', message: `The retry ${when} was told that the order is paid, and nobody has paid.`, expected: '1 charge', actual: `no charge, and the answer ${words(answer)}`, hint: 'not-before-the-charge', at: TRANSACTION });
  if (answer.status === 201) return;
  t.fail({ kind: 'wrong-answer', message: `The retry ${when} got no charge for its answer: ${words(answer)}.`, expected: 'status 201 and 1 charge', actual: `${words(answer)}; ${found} charges`, hint: 'a-claim-is-no-charge', at: TRANSACTION });
}

/** Fails unless the same key with another amount is refused and charges nothing. */
async function refused(t: CheckContext, program: Program, intent: Intent, hint: string): Promise<void> {
  const answer = await t.http(program, attempt({ ...intent, cents: 999_999 }));
  t.expect(answer.error ?? answer.status, { equals: 422 }, { what: 'The status of another body with the same key', hint, at: [/fingerprint/, ...PAY] });
  t.expect(await chargesOf(t, program, intent.order), { equals: 1 }, { what: 'Charges of the order', unit: 'charges', hint, at: PAY });
}

function ordinal(n: number): string {
  return `${n}${n % 10 === 1 && n % 100 !== 11 ? 'st' : n % 10 === 2 && n % 100 !== 12 ? 'nd' : n % 10 === 3 && n % 100 !== 13 ? 'rd' : 'th'}`;
}
