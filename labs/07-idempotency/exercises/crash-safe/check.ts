import { check, type CheckContext, type HttpAnswer, type Program } from 'backend-labs/kit';
import { attempt, chargesOf, told, words, type Intent } from '../../shop.ts';

const TRANSACTION = [/exec\('COMMIT'\)/, /INSERT INTO replies/, /charge\(order\)/, /createServer\(/];
const PAY = [/(?:async )?function pay\(/, /createServer\(/];
/** A request after its first one takes fewer statements; a search never needs more halvings. */
const MOST_PROBES = 12;

export default [
  check('restart', async (t) => {
    const start = (): Promise<Program> => t.start({ env: { DATABASE: 'restart.db' } });
    const intent: Intent = { key: 'key-1', order: 'A-1' };
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
  }),

  check('anywhere', async (t) => {
    const start = (): Promise<Program> => t.start({ countStatements: true, env: { DATABASE: 'anywhere.db' } });
    let program = await start();
    t.step('Count the statements of one payment');
    await t.http(program, attempt({ key: 'key-0', order: 'B-0' }));
    const before = await program.statements();
    await t.http(program, attempt({ key: 'key-1', order: 'B-1' }));
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
    const intent: Intent = { key: 'key-1', order: 'C-1' };
    let program = await start();
    t.step('Pay for an order, then send another amount with the same key');
    const first = await t.http(program, attempt(intent));
    await refused(t, program, intent, 'other-body-other-request');
    t.step('Send the first request again');
    const again = await t.http(program, attempt(intent));
    t.expect(told(again), { equals: told(first) }, { what: 'The answer to the first request’s retry', hint: 'keep-the-answer-too', at: PAY });
    t.step('Kill the server, start it again, and try the other amount once more');
    await program.kill();
    program = await start();
    await refused(t, program, intent, 'fingerprint-in-the-database');
  }, { needs: ['restart'] }),

  check('together', async (t) => {
    const program = await t.start({ env: { DATABASE: 'together.db' } });
    t.step('Pay for three orders at the same time, each with its own key');
    const several = await Promise.all([1, 2, 3].map((i) => t.http(program, attempt({ key: `key-${i}`, order: `D-${i}` }))));
    const failed = several.find(({ status }) => status !== 201);
    if (failed) t.fail({ kind: 'wrong-answer', message: `Of three orders at the same time one was not paid: ${words(failed)}.`, expected: 'three charges', actual: words(failed), hint: 'no-await-in-a-transaction', at: [/BEGIN/, ...PAY] });
    t.step('Send one request twice at the same time');
    const pair = await t.http(program, { ...attempt({ key: 'key-4', order: 'D-4' }), fault: 'duplicated-at-once' });
    t.expect(await chargesOf(t, program, 'D-4'), { equals: 1 }, { what: 'Charges for two copies of one request', unit: 'charges', hint: 'copies-wait', at: PAY });
    const copy = pair.copy ?? pair;
    if (told(pair) !== told(copy) || pair.status !== 201) {
      const other = pair.status === 201 ? copy : pair;
      t.fail({ kind: 'wrong-answer', message: `One of two copies was told something else: ${words(other)}.`, expected: 'the same answer to both: 201 and the charge', actual: words(other), hint: 'copies-wait', at: PAY });
    }
  }, { needs: ['restart'] }),
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
