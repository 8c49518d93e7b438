import { check, type CheckContext, type Program } from 'backend-labs/kit';
import { POLL_MS, Reader, Source, STALL_LOOKS, waitFor } from '../../streams.ts';

const MIB = 1024 * 1024;
const WHOLE_BYTES = 64 * MIB;
/** What the source keeps until the client has read what there was: who dropped something before shows it by what comes after. */
const LAST_BYTES = MIB;
/** Half the stream: far above what a runtime itself may come to need, far below what piles up. */
const GROWTH_BYTES = 32 * MIB;
const IDLE_AFTER = 1000;
const STOP_MS = 100;
/** From whom nothing was taken for so many looks stands still: who goes on by the clock after a longer pause than these stalls when its client reads again. */
const STILL_LOOKS = STALL_LOOKS + (2 * STOP_MS) / POLL_MS;
/** For a source to come to stand still. */
const WATCH_LOOKS = 300;

const FORWARD = [/on\('data'/, /pipe(line)?\(/, /Your work starts here/, /createServer\(/];
const PAUSE = [/client\.write\(/, ...FORWARD];
const END = [/on\('close', \(\) => \w+\.destroy/, /\.destroy\w*\(/, /\.end\(/, ...FORWARD];

export default [
  check('forwards', async (t) => {
    await withSource(t, 1000, async (program) => {
      t.step('Read a stream of 1000 bytes');
      const reader = new Reader(program.port);
      await reader.toEnd(t);
      t.expect(reader.received, { equals: 1000 }, { what: 'Bytes that arrived before the connection ended', unit: 'bytes', hint: 'pass-it-on', at: FORWARD });
      t.expect(reader.ended, { equals: true }, { what: 'The connection was ended', hint: 'pass-it-on', at: [/\.end\(/, ...FORWARD] });
    });
  }),

  check('whole', async (t) => {
    await withSource(t, WHOLE_BYTES, async (program, source) => {
      source.idleAfter(WHOLE_BYTES - LAST_BYTES);
      t.step(`Connect a client that does not read for ${STOP_MS} ms, then reads all ${WHOLE_BYTES / MIB} MiB; the last of them comes when it has read the others`);
      const reader = new Reader(program.port);
      reader.stop();
      await t.sleep(STOP_MS);
      reader.go();
      await reader.toPause(t);
      source.goOn();
      await reader.toEnd(t);
      expectWhole(t, reader, WHOLE_BYTES);
    });
    await withSource(t, WHOLE_BYTES, async (program, source) => {
      source.idleAfter(0);
      t.step('Connect a client that does not read, to a source that goes on until a little of it waits in the relay, and then ends');
      const reader = new Reader(program.port);
      reader.stop();
      const given = await source.fill(t, program);
      t.step('Read all of it');
      await t.sleep(STOP_MS);
      reader.go();
      await reader.toEnd(t);
      expectWhole(t, reader, given);
    });
  }, { needs: ['forwards'] }),

  check('bounded', async (t) => {
    await withSource(t, WHOLE_BYTES, async (program, source) => {
      const before = program.residentBytes();
      t.step(`Connect a client that does not read, to a source of ${WHOLE_BYTES / MIB} MiB, and look at the relay's memory until nothing is taken from the source any more`);
      const reader = new Reader(program.port);
      reader.stop();
      let most = 0;
      let still = 0;
      let taken = 0;
      for (let looks = 0; still < STILL_LOOKS && looks < WATCH_LOOKS && most <= GROWTH_BYTES; looks++) {
        await t.sleep(POLL_MS);
        most = Math.max(most, (program.residentBytes() ?? 0) - (before ?? 0));
        const now = (await program.openSockets()).readBytes;
        still = now > 0 && now === taken ? still + 1 : 0;
        taken = now;
      }
      const takesOn = most <= GROWTH_BYTES && still < STILL_LOOKS;
      reader.close();
      if (takesOn) t.fail({ kind: 'wrong-answer', message: `Its client reads nothing, and the relay takes more and more from the source: ${show(source.sentBytes())} so far.`, expected: 'a source that stands still', actual: `${show(source.sentBytes())}, and more to come`, hint: 'not-by-the-clock', at: [/setTimeout|sleep/, ...PAUSE] });
      // Where the system does not say what a process has, what the source is rid of bounds it; the kernels' buffers are in it.
      const grown = before === null ? source.sentBytes() : most;
      if (grown <= GROWTH_BYTES) return;
      t.fail({
        kind: 'wrong-answer',
        message: `While its client did not read, the relay's memory grew by ${show(grown)}: what the client does not take piles up in it.`,
        expected: `at most ${GROWTH_BYTES / MIB} MiB more`,
        actual: `${show(grown)} more after ${show(source.sentBytes())} from the source`,
        hint: hintForGrowth(t.source),
        at: /highWaterMark/.test(t.source) ? [/highWaterMark/] : PAUSE,
      });
    });
  }, { needs: ['whole'] }),

  check('gone', async (t) => {
    await withSource(t, WHOLE_BYTES, async (program, source) => {
      t.step('Connect a client that does not read, and let it go away while the source still has more');
      const reader = new Reader(program.port);
      reader.stop();
      await waitFor(t, () => source.sentBytes() > 0 && !source.busy());
      t.expect(source.open(), { equals: 1 }, { what: 'Connections to the source while the client is there', unit: 'connections', hint: 'pass-it-on', at: FORWARD });
      reader.close();
      t.step('Count the connections to the source');
      await waitFor(t, () => source.open() === 0);
      const aim = { unit: 'connections', kind: 'leaked', hint: 'close-both', at: [/\.pipe\(/, /connect\(\{/, ...FORWARD] } as const;
      t.expect(source.open(), { equals: 0 }, { what: 'Connections to the source that stay open without a client', ...aim });
      t.step(`Connect a client that takes ${IDLE_AFTER} bytes, after which the source has nothing for now, and let it go away`);
      source.idleAfter(IDLE_AFTER);
      const polite = new Reader(program.port);
      await waitFor(t, () => polite.received === IDLE_AFTER);
      polite.close();
      await waitFor(t, () => source.open() === 0);
      t.expect(source.open(), { equals: 0 }, { what: 'Connections to a source without news that stay open without a client', ...aim });
    });
  }, { needs: ['bounded'] }),

  check('apart', async (t) => {
    await withSource(t, WHOLE_BYTES / 4, async (program, source) => {
      t.step('Connect a client that does not read');
      const stopped = new Reader(program.port);
      stopped.stop();
      await waitFor(t, () => source.sentBytes() > 0 && !source.busy());
      t.step('Connect another one that reads');
      const reader = new Reader(program.port);
      await reader.toEnd(t);
      stopped.close();
      t.expect(reader.received, { equals: WHOLE_BYTES / 4 }, { what: 'Bytes that the reading client got while another one stood still', unit: 'bytes', hint: 'pause-only-yours', at: [/\.pause\(\)/, ...PAUSE] });
    });
  }, { needs: ['bounded'] }),
];

function hintForGrowth(source: string): string {
  if (/\.pause\(\)/.test(source) && /setTimeout|sleep/.test(source)) return 'not-by-the-clock';
  if (/highWaterMark/.test(source)) return 'larger-is-not-bounded';
  if (/Buffer\.concat/.test(source)) return 'do-not-collect';
  if (/'drain'|\.push\(/.test(source)) return 'your-queue-counts-too';
  return 'write-said-no';
}

/** Fails unless all that the source had was read, unchanged, and then an end. */
function expectWhole(t: CheckContext, { received, wrongAt, ended, stalled }: Reader, bytes: number): void {
  if (wrongAt === null && received === bytes && ended) return;
  const cut = wrongAt === null && !stalled && received < bytes;
  const [message, hint] = stalled
    ? [`After ${show(received)} nothing more came: the relay stands still.`, 'resume-on-drain']
    : cut
      ? [`The connection ended before the last ${bytes - received} bytes.`, 'send-it-first']
      : [`What arrived is not what the source sent: the first difference is at ${show(wrongAt ?? received)}.`, received > bytes ? 'false-means-taken' : 'nothing-is-dropped'];
  t.fail({
    kind: 'wrong-answer',
    message,
    expected: `${bytes} bytes, unchanged`,
    actual: `${received} bytes${ended ? '' : ', without an end'}${wrongAt === null ? '' : `, different from byte ${wrongAt} on`}`,
    hint,
    at: stalled ? [/\.pause\(\)/, ...PAUSE] : cut ? END : PAUSE,
  });
}

function show(bytes: number): string {
  return bytes < MIB ? `${bytes} bytes` : `${(bytes / MIB).toFixed(1)} MiB`;
}

/** Starts a source of `bytes` for each connection, and the learner's program beside it. */
async function withSource(t: CheckContext, bytes: number, run: (program: Program, source: Source) => Promise<void>): Promise<void> {
  const source = await Source.listening(bytes);
  try {
    t.step('Start your relay');
    await run(await t.start({ env: { SOURCE_PORT: String(source.port) } }), source);
  } finally {
    source.close();
  }
}

