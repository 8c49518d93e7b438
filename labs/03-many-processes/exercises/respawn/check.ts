import { check, type CheckContext, type Program } from 'backend-labs/kit';

const WORKERS = 3;
/** The waits of a row of failed starts; all further ones are as long as the last of these. */
const WAITS_MS = [25, 50, 100, 200];
/** Restarts in a row after which one that counts to ten has given up. */
const RESTARTS = 11;
/** The first three waits are 175 ms together; twice as long ones, 350. */
const FIRST_THREE_MS = 260;
/** The shortest of many waits of 200 ms; the next in a row without an end would be 400. */
const LONGEST_MS = 300;
/** The first three waits of another row; in a row that was never ended they would be 600 ms by now. */
const SECOND_ROW_MS = 400;
/** A primary that stands still does so for each wait, eight of them 200 ms long; a busy machine may hold any other one up, but not so often. */
const STANDS_STILL_MS = 150;
const STANDS_STILL_TIMES = 3;
/** Of a timer that is cut to whole milliseconds. */
const TIMER_MS = 2;
/** A worker that had served is replaced in the turn in which its end is known, whatever the machine has to do. */
const AT_ONCE_MS = 20;
/** For a process to start on a busy machine. */
const PATIENCE_MS = 6000;
/** The waits of a row, and on a busy machine the starts that fail in between. */
const LOOP_MS = 12_000;
/** Starting a process is not waited for, only its being begun. */
const BEGIN_MS = 1000;
/** For a worker to end by itself. */
const END_MS = 500;
const POLL_MS = 15;
/** Looks without news, with a worker missing and none being started, after which nobody is started any more: five times the longest wait. */
const QUIET_LOOKS = 70;

const SUPERVISE = [/cluster\.on\('exit'/, /'exit'/, /Your work starts here/, /cluster\.fork\(\)/];
const WAIT = [/Atomics\.wait\(|Sync\(/, /setTimeout\(/, ...SUPERVISE];

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
    if ((await missing(t, program, WORKERS + 1)) > 0) t.fail({ kind: 'wrong-answer', message: `A worker that was killed has not been replaced after ${BEGIN_MS} ms.`, expected: 'another worker', actual: 'one worker fewer', hint: await whyNone(t, program), at: [/uncaughtException/, /code > 0/, ...SUPERVISE] });
    await allServe(t, program, 'after one of them was killed');
    t.step('Kill two workers at once');
    await kill(t, program, 2);
    const few = await missing(t, program, WORKERS + 3);
    t.expect(few, { equals: 0 }, { what: 'Workers not replaced after two were killed at once', unit: 'workers', hint: 'fork-on-exit', at: SUPERVISE });
    await allServe(t, program, 'after two of them were killed at once');
    for (const [i, [path, code]] of ([['/crash', 1], ['/quit', 0]] as const).entries()) {
      t.step(`End one worker by POST ${path}`);
      t.expect(await endsBy(t, program, path), { equals: true }, { what: `POST ${path} ends the worker that answers`, hint: 'answers-stay', at: [new RegExp(`'${path}'`), /createServer\(/] });
      const gone = await missing(t, program, WORKERS + 4 + i);
      t.expect(gone, { equals: 0 }, { what: `Workers not replaced after one had ended with exit code ${code}`, unit: 'workers', hint: 'an-end-is-an-end', at: [/signal\)|code === 0|code !==? 0/, ...SUPERVISE] });
      await allServe(t, program, `after one of them had ended with exit code ${code}`);
    }
  }, { needs: ['others-serve'] }),

  check('backs-off', async (t) => {
    const program = await start(t);
    t.step('From now on a worker that starts crashes before it listens');
    await broken(t, program, async () => {
      t.step('Kill one worker, and ask again and again while it is started anew');
      const before = await lives(program);
      await kill(t, program, 1);
      await askMeanwhile(t, program, before.begun + 1 + WAITS_MS.length);
      const row = (await waits(program, before)).slice(1);
      expectRow(t, row);
      t.expect(row.length, { atLeast: WAITS_MS.length }, goesOn(row));
    });
    await allServe(t, program, 'after a crash loop that was mended');
    t.step('Kill one worker');
    const known = await lives(program);
    await kill(t, program, 1);
    await waitFor(t, async () => (await lives(program)).begun > known.begun);
    const [waited = Infinity] = await waits(program, known);
    const past = { hint: 'forget-the-past', at: [/deaths/, ...WAIT] };
    t.expect(waited, { atMost: AT_ONCE_MS }, { what: 'How long a worker that had served was not replaced', unit: 'ms', ...past });
    await allServe(t, program, 'after one of them was killed');
    t.step('From now on a worker that starts crashes before it listens, once more');
    await broken(t, program, async () => {
      t.step('Kill one worker, and ask again and again while it is started anew');
      const before = await lives(program);
      await kill(t, program, 1);
      await askMeanwhile(t, program, before.begun + 1 + 3);
      t.expect(Math.round(firstThree((await waits(program, before)).slice(1))), { atMost: SECOND_ROW_MS }, { what: 'The first 3 waits of another row together', unit: 'ms', ...past });
      const silences = await askMeanwhile(t, program, before.begun + 1 + RESTARTS);
      const row = (await waits(program, before)).slice(1);
      expectRow(t, row);
      const shortest = Math.min(...row.slice(WAITS_MS.length));
      t.expect(Number.isFinite(shortest) ? Math.round(shortest) : 0, { atMost: LONGEST_MS }, { what: 'The shortest wait after five failed starts and more', unit: 'ms', hint: 'cap-the-wait', at: [/setTimeout\(/, /\* 2|2 \*|<</, ...SUPERVISE] });
      t.expect(row.length, { atLeast: RESTARTS }, goesOn(row));
      const often = silences.filter((ms) => ms >= STANDS_STILL_MS).length;
      t.expect(often, { atMost: STANDS_STILL_TIMES }, { what: 'Silences of the primary', message: `During the crash loop the primary did not answer for ${Math.round(Math.max(...silences))} ms, and ${often} times for more than ${STANDS_STILL_MS} ms: it stands still while it waits.`, unit: `of more than ${STANDS_STILL_MS} ms`, hint: 'never-stand-still', at: WAIT });
    });
    await allServe(t, program, 'after another crash loop that was mended');
  }, { needs: ['replaced'] }),
];

async function start(t: CheckContext): Promise<Program> {
  t.step('Start your program');
  const program = await t.start();
  const pids = await servingPids(t, program);
  t.expect(pids, { equals: WORKERS }, { what: 'Workers that answer', unit: 'workers', hint: 'answers-stay', at: [/WORKERS/, ...SUPERVISE] });
  return program;
}

interface Lives {
  /** Processes that were begun since the program's start, and how many of them have ended. */
  readonly begun: number;
  readonly ended: number;
}

async function lives(program: Program): Promise<Lives> {
  const all = await program.workerLives();
  return { begun: all.length, ended: all.filter(({ endedMs }) => endedMs !== null).length };
}

/** Kills workers and waits until the primary knows: what it handed to a dead one in between would get no answer, and be nobody's fault. */
async function kill(t: CheckContext, program: Program, count: number): Promise<void> {
  const { ended } = await lives(program);
  for (let i = 0; i < count; i++) await program.crashWorker();
  await waitFor(t, async () => (await lives(program)).ended >= ended + count);
}

/** Asks for a path that ends the worker that answers; whether one has ended. */
async function endsBy(t: CheckContext, program: Program, path: string): Promise<boolean> {
  const { ended } = await lives(program);
  const has = async (): Promise<boolean> => (await lives(program)).ended > ended;
  await t.http(program, { path, method: 'POST', timeoutMs: END_MS });
  await waitFor(t, has, END_MS);
  return has();
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

/** How many of so many processes have not been begun soon; what one then takes to listen is the machine's. */
async function missing(t: CheckContext, program: Program, processes: number): Promise<number> {
  await waitFor(t, async () => (await lives(program)).begun >= processes, BEGIN_MS);
  return Math.max(0, processes - (await lives(program)).begun);
}

/** The hint for a program that has not replaced a worker that was killed, by what becomes of one that crashes by itself. */
async function whyNone(t: CheckContext, program: Program): Promise<string> {
  const { begun } = await lives(program);
  t.step('End one worker by POST /crash');
  if (!(await endsBy(t, program, '/crash'))) return 'nobody-survives-sigkill';
  return (await missing(t, program, begun + 1)) === 0 ? 'a-signal-has-no-code' : 'fork-on-exit';
}

async function allServe(t: CheckContext, program: Program, when: string): Promise<void> {
  t.step(`Ask until all ${WORKERS} workers answer`);
  const serving = await servingPids(t, program);
  const message = `${serving} of ${WORKERS} workers answer ${when}.`;
  t.expect(serving, { equals: WORKERS }, { what: 'Workers that answer', unit: 'workers', message, hint: 'fork-on-exit', at: SUPERVISE });
}

/** Mends whatever comes of it: a check about time may be run again, and finds what this one has left. */
async function broken(t: CheckContext, program: Program, meanwhile: () => Promise<void>): Promise<void> {
  await t.http(program, { path: '/break', method: 'POST' });
  try {
    await meanwhile();
  } finally {
    await t.http(program, { path: '/mend', method: 'POST' });
  }
  t.step('Mend it');
}

/** Asks until so many processes have been begun, or no more come; gives how long the primary itself took for each of its answers. */
async function askMeanwhile(t: CheckContext, program: Program, processes: number): Promise<number[]> {
  const silencesMs: number[] = [];
  let before: Lives = { begun: 0, ended: 0 };
  let quiet = 0;
  await waitFor(t, async () => {
    const asked = performance.now();
    const heard = lives(program).finally(() => silencesMs.push(performance.now() - asked));
    const [{ status }, now] = await Promise.all([t.http(program), heard]);
    t.expect(status, { equals: 200 }, { what: 'The status of GET / during the crash loop', hint: 'leave-the-others', at: SUPERVISE });
    quiet = now.begun === before.begun && now.begun - now.ended < WORKERS ? quiet + 1 : 0;
    before = now;
    return now.begun >= processes || quiet > QUIET_LOOKS;
  }, LOOP_MS);
  return silencesMs;
}

/** How long each child process that was begun since then had not been, after one had ended: the first after the first, the next after the next. */
async function waits(program: Program, since: Lives): Promise<number[]> {
  const all = await program.workerLives();
  const ends = all.flatMap(({ endedMs }) => (endedMs === null ? [] : [endedMs])).sort((a, b) => a - b).slice(since.ended);
  // Who acts on 'disconnect' may be there a moment before the end.
  return all.slice(since.begun).map(({ startedMs }, i) => Math.max(0, startedMs - (ends[i] ?? startedMs)));
}

/** Fails unless each wait is long enough, and the first three are no longer. */
function expectRow(t: CheckContext, row: readonly number[]): void {
  for (const [i, waited] of row.entries()) {
    const least = WAITS_MS[Math.min(i, WAITS_MS.length - 1)] ?? 0;
    const message = `After ${i + 1} failed ${i === 0 ? 'start' : 'starts'} in a row the next came ${Math.round(waited)} ms later; it has to wait ${least} ms.`;
    t.expect(waited, { atLeast: least - TIMER_MS }, { what: 'The wait', unit: 'ms', message, hint: i === 0 ? 'wait-first' : 'double-the-wait', at: WAIT });
  }
  t.expect(Math.round(firstThree(row)), { atMost: FIRST_THREE_MS }, { what: 'The first 3 waits together', unit: 'ms', kind: 'too-slow', hint: 'no-longer-than-that', at: WAIT });
}

function firstThree(row: readonly number[]): number {
  return row.slice(0, 3).reduce((sum, waited) => sum + waited, 0);
}

function goesOn(row: readonly number[]) {
  return { what: 'Starts in a row that were tried', unit: 'starts', message: `After ${row.length} failed starts your program tried no more.`, hint: 'never-give-up', at: [/failedStarts < /, ...WAIT] };
}

async function waitFor(t: CheckContext, done: () => Promise<boolean>, patienceMs = PATIENCE_MS): Promise<void> {
  for (const end = performance.now() + patienceMs; !(await done()) && performance.now() < end; ) await t.sleep(POLL_MS);
}
