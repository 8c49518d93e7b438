import { check, type CheckContext, type Program } from 'backend-labs/kit';

const REQUESTS = 60;
const LISTENERS = 20;
/** Enough to stand out from SPARE. */
const SONGS = 8;
const SONG_BYTES = 16 * 1024 * 1024;
/** What a runtime may open for itself meanwhile; far less than one a request. */
const SPARE = 5;
/** Within this, the last connections of a round are closed. */
const SETTLE_MS = 2000;

const RECORD = [/openSync\(CATALOGUE/, /open\w*\(\s*CATALOGUE/, /readRecord\(/];
const SONG = [/\.pipe\(/, /createReadStream\(/, /sendSong\(/];

export default [
  check('serves', async (t) => {
    t.step('Start your server');
    const program = await t.start();
    t.step('Ask for /record/7');
    const record = await t.http(program, { path: '/record/7' });
    t.expect(record.error ?? record.body, { equals: 'record 7' }, { what: 'Line 7 of the catalogue', hint: 'answers-stay', at: RECORD });
    t.step('Ask for /song');
    const song = await t.http(program, { path: '/song' });
    t.expect(song.error ?? song.body.length, { equals: SONG_BYTES }, { what: 'The length of the song', unit: 'bytes', hint: song.error ? 'not-while-in-use' : 'answers-stay', at: [/closeSync\(/, ...SONG] });
  }),

  check('closes', async (t) => {
    const program = await t.start();
    const before = await openAfterFirst(t, program, '/record/0');
    t.step(`Ask for ${REQUESTS} records, one after another`);
    for (let i = 1; i <= REQUESTS; i++) {
      const { error, body } = await t.http(program, { path: `/record/${i}` });
      t.expect(error ?? body, { equals: `record ${i}` }, { what: `Line ${i} of the catalogue`, hint: 'answers-stay', at: RECORD });
    }
    await expectNoMore(t, program, before, { after: `${REQUESTS} records`, hint: hintForRecords(t.source), at: RECORD });
  }),

  check('unknown', async (t) => {
    const program = await t.start();
    const before = await openAfterFirst(t, program, '/record/0');
    t.step(`Ask ${REQUESTS} times for a record that does not exist`);
    for (let i = 1; i <= REQUESTS; i++) {
      const { error, status } = await t.http(program, { path: `/record/${1_000_000 + i}` });
      t.expect(error ?? status, { equals: 404 }, { what: 'The status for a record that does not exist', hint: status === 500 ? 'close-once' : 'answers-stay', at: [/catch \(error\) \{\s*closeSync/, ...RECORD] });
    }
    await expectNoMore(t, program, before, { after: `${REQUESTS} records that do not exist`, hint: 'close-always', at: [/throw new RangeError/, ...RECORD] });
  }, { needs: ['closes'] }),

  check('abandoned', async (t) => {
    const program = await t.start();
    const before = await openAfterFirst(t, program, '/record/0');
    t.step(`${SONGS} clients take the whole song`);
    for (let i = 0; i < SONGS; i++) await t.http(program, { path: '/song' });
    await expectNoMore(t, program, before, { after: `${SONGS} whole songs`, hint: 'close-what-you-open', at: [/openSync\(SONG/, ...SONG] });
    t.step(`${LISTENERS} clients ask for the song and take none of it`);
    const clients = await Promise.all(Array.from({ length: LISTENERS }, () => t.connect(program)));
    for (const client of clients) {
      client.readAtMost(0);
      await client.write('GET /song HTTP/1.1\r\nHost: shop\r\n\r\n');
    }
    await t.sleep(150);
    t.step('They hang up');
    for (const client of clients) client.close();
    const hint = /'finish'|'end'/.test(t.source) ? 'finish-is-not-close' : 'pipe-does-not-close';
    await expectNoMore(t, program, before, { after: `${LISTENERS} clients that hung up`, hint, at: [/\.on\('(finish|end)'/, ...SONG] });
  }, { needs: ['serves', 'closes'] }),
];

/** Open descriptors once the first request has made the runtime open what it needs for itself. */
async function openAfterFirst(t: CheckContext, program: Program, path: string): Promise<number> {
  t.step('Count its open file descriptors');
  await t.http(program, { path });
  return settled(t, program, 0, 100);
}

/** The open descriptors as soon as they are at most `limit`, else after `withinMs`: connections close a moment after their last byte. */
async function settled(t: CheckContext, program: Program, limit: number, withinMs: number): Promise<number> {
  for (const end = performance.now() + withinMs; ; await t.sleep(20)) {
    const open = program.descriptors();
    if (open === null) t.fail({ kind: 'unfit-machine', message: 'This system does not say how many descriptors a process has open; Linux does, in /proc/PID/fd.' });
    if (open <= limit || performance.now() > end) return open;
  }
}

async function expectNoMore(t: CheckContext, program: Program, before: number, { after, hint, at }: { after: string; hint: string; at: RegExp[] }): Promise<void> {
  t.step('Count again');
  const more = Math.max(0, (await settled(t, program, before + SPARE, SETTLE_MS)) - before);
  const message = `After ${after}, your server has ${more} file descriptors more open than before.`;
  t.expect(more, { atMost: SPARE }, { what: 'Descriptors more than before', unit: 'descriptors', kind: 'leaked', message, hint, at });
}

/** What was done instead of closing says what picture is behind it. */
function hintForRecords(source: string): string {
  if (/new Map|\[number\]/.test(source)) return 'a-cache-needs-a-bound';
  if (/'Connection'|keepAlive|maxRequestsPerSocket|closeIdleConnections/.test(source)) return 'not-the-connections';
  if (/= (null|undefined);|\bgc\(|WeakRef|FinalizationRegistry/.test(source)) return 'numbers-are-not-collected';
  return 'close-what-you-open';
}
