import { check, type CheckContext, type HttpAnswer, type Program } from 'backend-labs/kit';
import { keptOrder, spreadMs } from '../../line.ts';
import { checksum, roundsFor } from '../../reports.ts';

const WORKERS = 2;
const QUEUE = 4;
const ROOM = WORKERS + QUEUE;
const SURPLUS = 4;
/** How long one report computes, on this machine; the longer one is for a burst to be there before the first is done. */
const REPORT_MS = 60;
const LONG_MS = 150;
/** How long a refusal may take; it is decided in microseconds. */
const REFUSAL_MS = 100;
/** Between two requests of a burst, so that who came first is beyond doubt; all of them are there before the first report is done. */
const APART_MS = 5;
/** A busy machine may change the order in which things happen, but not each time. */
const TRIES = 3;
/** For a thread that was told to end when its report was done. */
const A_THREADS_END_MS = 50;
const TIMEOUT_MS = 15_000;
/** For who may wait in vain: many times what the reports take. */
const PATIENCE_MS = 4000;

const TOO_FAR_APART = 'This machine is too busy to decide: the requests came so far apart that there was room again. Grade again when less is running.';

const TAKING = [/take\(/, /Your work starts here/];
const ROOM_TEST = [/>=? QUEUE/, />= WORKERS/, /return false/, ...TAKING];
const DEATH = [/'exit'/, /'error'/, /new Worker\(/, ...TAKING];

export default [
  check('answers', async (t) => {
    t.step('Start your server');
    const program = await t.start();
    // The first takes longer than the second, so that the second is done first.
    const [long, short] = [roundsFor(LONG_MS), 10_000];
    t.step(`Ask for a report of ${long} rounds, and for one of ${short} beside it`);
    const first = ask(t, program, long);
    await t.sleep(10);
    const second = ask(t, program, short);
    for (const [rounds, other, answer] of [[long, short, await first], [short, long, await second]] as const) {
      const mixed = answer.body === `checksum ${checksum(other)}`;
      t.expect(answer.error ?? `${answer.status} ${answer.body}`, { equals: `200 checksum ${checksum(rounds)}` }, { what: `The report of ${rounds} rounds`, hint: mixed ? 'whose-answer' : 'answer-reports', at: [/running/i, ...TAKING] });
    }
  }),

  check('pool', async (t) => {
    const program = await t.start();
    t.step(`Ask for ${ROOM} reports, ${APART_MS} ms apart: ${WORKERS} that are computed and ${QUEUE} that wait`);
    const rounds = roundsFor(LONG_MS);
    let run = await inTurn(t, program, rounds);
    const { most, answers } = run;
    t.expect(most, { atMost: WORKERS }, { what: 'The most threads that lived at once', unit: 'threads', hint: 'two-workers', at: [/new Worker\(/, ...TAKING] });
    // Each has rounds of its own, so that one who gets another's report is seen.
    const mixed = answers.some((answer, i) => answer.status === 200 && !served(answer, rounds + i));
    const own = answers.filter((answer, i) => served(answer, rounds + i)).length;
    const other = answers.find((answer, i) => !served(answer, rounds + i));
    const message = `${own} of ${ROOM} requests got their report; another got ${other?.error ?? `status ${other?.status ?? 0}, ${other?.body ?? ''}`}.`;
    t.expect(own, { equals: ROOM }, { what: 'Requests that got their report', unit: 'requests', message, hint: mixed ? 'whose-answer' : 'use-the-line', at: ROOM_TEST });
    for (let tries = 1; run.inOrder !== true && tries < TRIES; tries++) run = await inTurn(t, program, rounds);
    if (run.inOrder === null) t.fail({ kind: 'unfit-machine', message: 'This machine is too busy to decide: the requests came so far apart that no line formed. Grade again when less is running.' });
    t.expect(run.inOrder, { equals: true }, { what: 'The first in the line had its report before the last', hint: 'first-come', at: [/\.pop\(\)/, /unshift/, ...TAKING] });
    await t.sleep(A_THREADS_END_MS);
    t.expect(await program.workers(), { atLeast: 1 }, { what: 'Threads that live on for the next reports', unit: 'threads', hint: 'use-them-again', at: [/terminate\(/, /new Worker\(/, ...TAKING] });
  }, { needs: ['answers'] }),

  check('full', async (t) => {
    const rounds = roundsFor(LONG_MS);
    // Before the clock runs: computed later, it would look like a machine that holds the checker up.
    checksum(rounds);
    const program = await t.start();
    t.step(`Ask for ${ROOM + SURPLUS} reports at once: ${SURPLUS} more than there is room for`);
    const answers = await askAll(t, program, ROOM + SURPLUS, rounds);
    const refused = answers.filter((answer) => !served(answer, rounds));
    const broken = refused.find((answer) => answer.error !== null);
    if (broken) {
      t.fail({ kind: 'wrong-answer', message: `A client for whom there was no room got no reply: ${broken.error ?? ''}.`, expected: 'a whole reply with status 503', actual: broken.error ?? '', hint: 'a-no-is-a-reply', at: [/\.destroy\(\)/, ...ROOM_TEST] });
    }
    if (refused.length < SURPLUS && spreadMs(answers) > LONG_MS / 2) t.fail({ kind: 'unfit-machine', message: TOO_FAR_APART });
    t.expect(refused.length, { equals: SURPLUS }, { what: 'Requests that were refused', unit: 'requests', hint: 'bound-the-line', at: ROOM_TEST });
    t.expect(refused.every(({ status, headers }) => status === 503 && headers['retry-after'] !== undefined), { equals: true }, { what: 'Every refusal is a 503 with a Retry-After header', hint: 'a-no-is-a-reply', at: [/503/, ...ROOM_TEST] });
    t.step('Look at how long the refusals took');
    t.expect(Math.max(...refused.map(({ totalMs }) => totalMs)), { atMost: REFUSAL_MS }, { what: 'The slowest refusal', unit: 'ms', kind: 'too-slow', hint: 'refuse-at-once', at: [/setTimeout\(/, /await sleep/, ...ROOM_TEST] });
  }, { needs: ['pool'] }),

  check('recovers', async (t) => {
    const program = await t.start();
    for (const round of ['first', 'second', 'third']) {
      t.step(`Ask for ${ROOM} short reports at once, the ${round} time`);
      const answers = await askAll(t, program, ROOM, 1000);
      t.expect(right(answers, 1000), { equals: ROOM }, { what: `Requests that got their report, the ${round} time`, unit: 'requests', hint: 'free-the-place', at: ROOM_TEST });
    }
  }, { needs: ['pool'] }),

  check('crash', async (t) => {
    const program = await t.start();
    const rounds = roundsFor(REPORT_MS);
    let answers: readonly HttpAnswer[];
    let tries = 0;
    // The first report is done when all are there, and two turns of both workers are left: who dies then is at work.
    do {
      t.step(`Ask for ${ROOM} reports at once, and let a worker die when the first is there`);
      const asked = Array.from({ length: ROOM }, () => ask(t, program, rounds, PATIENCE_MS));
      await Promise.race(asked);
      await program.crashWorker();
      answers = await Promise.all(asked);
    } while (right(answers, rounds) === ROOM && ++tries < TRIES);
    const silent = answers.filter(({ error }) => error !== null).length;
    t.expect(silent, { equals: 0 }, { what: 'Requests that got no answer after a worker had died', unit: 'requests', hint: 'answer-for-the-dead', at: DEATH });
    const whole = right(answers, rounds);
    t.expect(whole, { atLeast: ROOM - 1 }, { what: 'Requests that got their report all the same', unit: 'requests', hint: 'replace-the-dead', at: DEATH });
    t.expect(whole, { atMost: ROOM - 1 }, { what: 'Requests that got their report although one worker died with one', unit: 'requests', hint: 'no-second-try', at: DEATH });
    const lost = answers.find((answer) => !served(answer, rounds));
    t.expect(lost?.status, { equals: 500 }, { what: 'The status for who lost its report', hint: 'answer-for-the-dead', at: DEATH });
    t.step(`Ask for ${ROOM} reports more, and count the workers meanwhile`);
    const later = await counted(program, t, askAll(t, program, ROOM, rounds, PATIENCE_MS));
    t.expect(later.most, { equals: WORKERS }, { what: 'The most workers that lived at once after the death of one', unit: 'workers', hint: 'replace-the-dead', at: DEATH });
    t.expect(right(later.answers, rounds), { equals: ROOM }, { what: 'Requests that got their report after the death of a worker', unit: 'requests', hint: 'free-the-place', at: DEATH });
    t.step(`Let a worker die that has nothing to do, and ask for ${ROOM + 1} reports`);
    await program.crashWorker();
    // Not short ones: the other worker might do them all.
    const long = roundsFor(LONG_MS);
    const last = await askAll(t, program, ROOM + 1, long, PATIENCE_MS);
    const unanswered = last.filter(({ error }) => error !== null).length;
    t.expect(unanswered, { equals: 0 }, { what: 'Requests that got no answer after an idle worker had died', unit: 'requests', hint: 'idle-and-dead', at: DEATH });
    t.expect(right(last, long), { atLeast: ROOM }, { what: 'Requests that got their report after an idle worker had died', unit: 'requests', hint: 'idle-and-dead', at: DEATH });
    if (right(last, long) > ROOM && spreadMs(last) > LONG_MS / 2) t.fail({ kind: 'unfit-machine', message: TOO_FAR_APART });
    t.expect(right(last, long), { equals: ROOM }, { what: `Requests that got their report, where there is room for ${ROOM}, after an idle worker had died`, unit: 'requests', hint: 'count-what-is-there', at: [/--|-= 1/, ...DEATH] });
  }, { needs: ['full', 'recovers'] }),
];

function ask(t: CheckContext, program: Program, rounds: number, timeoutMs = TIMEOUT_MS): Promise<HttpAnswer> {
  return t.http(program, { path: `/report?rounds=${rounds}`, timeoutMs });
}

/**
 * As many reports as there is room for, the i-th of `rounds` + i: their answers, the most workers that lived meanwhile, and whether the
 * first in the line had its report before the last; null where not all were there well before the first report was done. Neighbours may
 * change places, since two are computed side by side.
 */
async function inTurn(t: CheckContext, program: Program, rounds: number): Promise<{ most: number; answers: readonly HttpAnswer[]; inOrder: boolean | null }> {
  const asked = Array.from({ length: ROOM }, async (_, i) => {
    await t.sleep(i * APART_MS);
    return ask(t, program, rounds + i);
  });
  const seen = await counted(program, t, Promise.all(asked));
  return { ...seen, inOrder: keptOrder(seen.answers, { servers: WORKERS, beforeMs: LONG_MS / 2 }) };
}

function askAll(t: CheckContext, program: Program, count: number, rounds: number, timeoutMs = TIMEOUT_MS): Promise<readonly HttpAnswer[]> {
  return t.httpBurst(program, { path: `/report?rounds=${rounds}`, count, withinMs: 5, timeoutMs });
}

/** The answers, and the most workers that lived at once until they were there. */
async function counted(program: Program, t: CheckContext, asked: Promise<readonly HttpAnswer[]>): Promise<{ most: number; answers: readonly HttpAnswer[] }> {
  let most = 0;
  let done = false;
  void asked.then(() => (done = true));
  while (!done) {
    most = Math.max(most, await program.workers());
    await t.sleep(10);
  }
  return { most, answers: await asked };
}

function served({ status, body }: HttpAnswer, rounds: number): boolean {
  return status === 200 && body === `checksum ${checksum(rounds)}`;
}

function right(answers: readonly HttpAnswer[], rounds: number): number {
  return answers.filter((answer) => served(answer, rounds)).length;
}
