import { check, type CheckContext, type Program } from 'backend-labs/kit';

const WORKERS = 3;
const FIRST_WAIT_MS = 25;
/** Restarts in a row that are looked at: their waits are 25, 50, 100 and 200 ms. */
const RESTARTS = 4;
/** These waits are 375 ms together; twice as long ones, 750. */
const ROW_MS = 560;
/** 25 ms, and what the machine adds; a row that was never ended would be at 400 by now. */
const SECOND_ROW_MS = 200;
/** Of a timer that is cut to whole milliseconds. */
const TIMER_MS = 2;
/** A worker that had served is replaced in the turn in which its end is known, whatever the machine has to do. */
const AT_ONCE_MS = 20;
/** For a process to start on a busy machine. */
const PATIENCE_MS = 6000;
/** The waits, 375 ms, and on a busy machine the starts that fail in between. */
const LOOP_MS = 8000;
/** Starting a process is not waited for, only its being begun. */
const BEGIN_MS = 1000;
const POLL_MS = 15;

const SUPERVISE = [/cluster\.on\('exit'/, /'exit'/, /Your work starts here/, /cluster\.fork\(\)/];

export default [
  check('serves', async (t) => {
    const program = await start(t);
    const { status } = await t.http(program);
    t.expect(status, { equals: 200 }, { what: 'The status of GET /', hint: 'answers-stay', at: /createServer\(/ });
  }),

  check('others-serve', async (t) => {
    const program = await start(t);
    t.step(`Send a request for /slow to each of the ${WORKERS} workers`);
    const slow = Array.from({ length: WORKERS }, () => t.http(program, { path: '/slow' }));
    await t.sleep(150);
    t.step('Kill one worker');
    await kill(t, program, 1);
    const answers = await Promise.all(slow);
    const lost = answers.filter(({ status }) => status !== 200).length;
    // Who ends them all listens no more for a moment, which is not what is to be said of it.
    if (lost > 1) await servingPids(t, program);
    t.expect(lost, { atMost: 1 }, { what: 'Requests that got no answer', message: `One worker was killed, and ${lost} of ${WORKERS} requests, one at each worker, got no answer.`, unit: 'requests', hint: 'leave-the-others', at: [/\.kill\(/, ...SUPERVISE] });
  }, { needs: ['serves'] }),

  check('replaced', async (t) => {
    const program = await start(t);
    t.step('Kill one worker');
    await kill(t, program, 1);
    await expectBegun(t, program, WORKERS + 1);
    await allServe(t, program, 'after one of them was killed');
    t.step('Kill two workers at once');
    await kill(t, program, 2);
    await expectBegun(t, program, WORKERS + 3);
    await allServe(t, program, 'after two of them were killed at once');
  }, { needs: ['others-serve'] }),

  check('backs-off', async (t) => {
    const program = await start(t);
    const before = (await program.workerLives()).length;
    t.step('From now on a worker that starts crashes before it listens');
    await t.http(program, { path: '/break', method: 'POST' });
    t.step('Kill one worker, and ask again and again while it is started anew');
    await kill(t, program, 1);
    await waitFor(t, async () => {
      const { status } = await t.http(program);
      t.expect(status, { equals: 200 }, { what: 'The status of GET / during the crash loop', hint: 'leave-the-others', at: SUPERVISE });
      return (await program.workerLives()).length > before + RESTARTS;
    }, LOOP_MS);
    const row = await waits(program, before);
    t.step('Mend it');
    // Before anything is held against it: a check about time may be run again, and finds what this one has left.
    await t.http(program, { path: '/mend', method: 'POST' });
    expectWaits(t, row);
    await allServe(t, program, 'after a crash loop that was mended');
    t.step('Kill one worker');
    const known = (await program.workerLives()).length;
    await kill(t, program, 1);
    await waitFor(t, async () => (await program.workerLives()).length > known);
    const [waited = Infinity] = await waits(program, known);
    const past = { hint: 'forget-the-past', at: [/deaths/, /setTimeout\(/, ...SUPERVISE] };
    t.expect(waited, { atMost: AT_ONCE_MS }, { what: 'How long a worker that had served was not replaced', unit: 'ms', ...past });
    await allServe(t, program, 'after one of them was killed');
    t.step('Break it once more, and kill one worker');
    await t.http(program, { path: '/break', method: 'POST' });
    const second = (await program.workerLives()).length;
    await kill(t, program, 1);
    await waitFor(t, async () => (await program.workerLives()).length >= second + 2, LOOP_MS);
    const [, again = Infinity] = await waits(program, second);
    await t.http(program, { path: '/mend', method: 'POST' });
    t.expect(Math.round(again), { atMost: SECOND_ROW_MS }, { what: 'The wait after the first failed start of another row', unit: 'ms', kind: 'too-slow', ...past });
  }, { needs: ['replaced'] }),
];

async function start(t: CheckContext): Promise<Program> {
  t.step('Start your program');
  const program = await t.start();
  const pids = await servingPids(t, program);
  t.expect(pids, { equals: WORKERS }, { what: 'Workers that answer', unit: 'workers', hint: 'answers-stay', at: [/WORKERS/, ...SUPERVISE] });
  return program;
}

/** Kills workers and waits until the primary knows: what it handed to a dead one in between would get no answer, and be nobody's fault. */
async function kill(t: CheckContext, program: Program, count: number): Promise<void> {
  const ended = async (): Promise<number> => (await program.workerLives()).filter(({ endedMs }) => endedMs !== null).length;
  const before = await ended();
  for (let i = 0; i < count; i++) await program.crashWorker();
  await waitFor(t, async () => (await ended()) >= before + count);
}

/** How many workers answer, as soon as they are all of them; else those that did until patience ended. */
async function servingPids(t: CheckContext, program: Program): Promise<number> {
  let pids = new Set<string>();
  await waitFor(t, async () => {
    const answers = await Promise.all(Array.from({ length: 2 * WORKERS }, () => t.http(program)));
    pids = new Set(answers.filter(({ status }) => status === 200).map(({ body }) => body));
    return pids.size === WORKERS;
  });
  return pids.size;
}

/** A replacement has to have been begun soon; what it then takes to listen is the machine's. */
async function expectBegun(t: CheckContext, program: Program, processes: number): Promise<void> {
  const begun = async (): Promise<number> => (await program.workerLives()).length;
  await waitFor(t, async () => (await begun()) >= processes, BEGIN_MS);
  const missing = processes - (await begun());
  const message = `${missing} ${missing === 1 ? 'worker that was killed has' : 'workers that were killed have'} not been replaced after ${BEGIN_MS} ms.`;
  t.expect(missing, { atMost: 0 }, { what: 'Workers not replaced', unit: 'workers', message, hint: hintForNone(t.source), at: [/uncaughtException/, /code > 0/, ...SUPERVISE] });
}

async function allServe(t: CheckContext, program: Program, when: string): Promise<void> {
  t.step(`Ask until all ${WORKERS} workers answer`);
  const serving = await servingPids(t, program);
  const message = `${serving} of ${WORKERS} workers answer ${when}.`;
  t.expect(serving, { equals: WORKERS }, { what: 'Workers that answer', unit: 'workers', message, hint: 'fork-on-exit', at: SUPERVISE });
}

/** How long each child process after the `from`-th was not started once the latest one that ended before it had ended. */
async function waits(program: Program, from: number): Promise<number[]> {
  const lives = await program.workerLives();
  return lives.slice(from).map(({ startedMs }) => startedMs - Math.max(0, ...lives.map(({ endedMs }) => endedMs ?? Infinity).filter((endedMs) => endedMs <= startedMs)));
}

/** The first takes the place of a worker that had served; each of the others, of one that failed to start. */
function expectWaits(t: CheckContext, [, ...restarts]: readonly number[]): void {
  const at = [/setTimeout\(/, ...SUPERVISE];
  t.expect(restarts.length, { atLeast: RESTARTS }, { what: 'Starts in a row that were tried', unit: 'starts', message: `After ${restarts.length} failed starts your program tried no more.`, hint: 'never-give-up', at: [/failedStarts < /, ...at] });
  const row = restarts.slice(0, RESTARTS);
  for (const [i, waited] of row.entries()) {
    const least = FIRST_WAIT_MS * 2 ** i;
    const message = `After ${i + 1} failed ${i === 0 ? 'start' : 'starts'} in a row the next came ${Math.round(waited)} ms later; it has to wait ${least} ms.`;
    t.expect(waited, { atLeast: least - TIMER_MS }, { what: 'The wait', unit: 'ms', message, hint: /['"`]online['"`]/.test(t.source) ? 'online-is-not-listening' : i === 0 ? 'wait-first' : 'double-the-wait', at });
  }
  const together = Math.round(row.reduce((sum, waited) => sum + waited, 0));
  t.expect(together, { atMost: ROW_MS }, { what: `The first ${RESTARTS} waits together`, unit: 'ms', kind: 'too-slow', hint: 'no-longer-than-that', at });
}

function hintForNone(source: string): string {
  if (/uncaughtException/.test(source)) return 'nobody-survives-sigkill';
  if (/code (>|!==?) 0/.test(source)) return 'a-signal-has-no-code';
  return 'fork-on-exit';
}

async function waitFor(t: CheckContext, done: () => Promise<boolean>, patienceMs = PATIENCE_MS): Promise<void> {
  for (const end = performance.now() + patienceMs; !(await done()) && performance.now() < end; ) await t.sleep(POLL_MS);
}
