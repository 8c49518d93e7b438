import { check, type CheckContext, type Program, type TcpClient } from 'backend-labs/kit';

const LIMIT = 64 * 1024;
/** An answer takes microseconds; so long is waited before one counts as missing. */
const ANSWER_MS = 1500;
/** Longer than a pause that would be taken for an end, shorter than anybody notices. */
const PAUSE_MS = 40;
const POLL_MS = 2;
const TOO_LONG = 'too long';
const MESSAGES = 40;
const ALPHABET = ['a', 'z', ' ', 'ß', 'é', '世', '界', '🙂'];

const READ = [/Your work starts here/, /'data'/, /createServer\(/];
const LENGTH = [/readU?Int32BE/, ...READ];
const REFUSE = [/LIMIT\) \{/, /> ?=? ?LIMIT/, ...LENGTH];

export default [
  check('serves', async (t) => {
    const program = await start(t);
    t.step('Send a frame in one piece');
    await exchange(t, program, ['hello'], (bytes) => [bytes], { hint: 'answer-a-frame', at: READ });
  }),

  check('boundaries', async (t) => {
    const program = await start(t);
    // On a busy machine a server may sleep through one pause and fail at the next.
    const pauses = /setTimeout|sleep/.test(t.source);
    t.step(`Send a frame in two pieces, ${PAUSE_MS} ms apart, cut in the middle of its text`);
    await exchange(t, program, ['cut in two'], (bytes) => cutAt(bytes, [9]), { hint: pauses ? 'a-pause-is-no-end' : 'a-chunk-is-no-message', at: [/setTimeout/, ...READ] }, PAUSE_MS);
    t.step('Send a frame whose length is cut after its second byte');
    await exchange(t, program, ['header'], (bytes) => cutAt(bytes, [2]), { hint: pauses ? 'a-pause-is-no-end' : 'the-header-too', at: LENGTH }, PAUSE_MS);
    t.step('Send three frames in one piece, the second of them empty');
    await exchange(t, program, ['first', '', 'third'], (bytes) => [bytes], { hint: 'several-in-one-chunk', at: [/if \(pending/, ...READ] });
    t.step('Send “Grüße, 世界” byte by byte');
    await exchange(t, program, ['Grüße, 世界'], (bytes) => cutAt(bytes, Array.from({ length: bytes.length }, (_, i) => i)), { hint: pauses ? 'a-pause-is-no-end' : 'count-bytes', at: [/toString\(/, ...READ] }, 1);
    t.step(`Send ${MESSAGES} frames of random texts, cut at random`);
    const texts = Array.from({ length: MESSAGES }, () => randomText(t));
    await exchange(t, program, texts, (bytes) => randomCuts(t, bytes), { hint: pauses ? 'a-pause-is-no-end' : 'a-chunk-is-no-message', at: READ }, 1);
  }, { needs: ['serves'] }),

  check('apart', async (t) => {
    const program = await start(t);
    t.step('Connect two clients, and send half a frame of each before the other halves');
    const clients = [await t.connect(program), await t.connect(program)] as const;
    const texts = ['one client’s frame', 'another one’s frame, a little longer'] as const;
    const frames = texts.map((text) => frame(text));
    for (const half of [0, 1]) {
      for (const [i, client] of clients.entries()) {
        const bytes = frames[i] as Buffer;
        await client.write(half === 0 ? bytes.subarray(0, 10) : bytes.subarray(10));
        await t.sleep(PAUSE_MS / 2);
      }
    }
    for (const [i, client] of clients.entries()) await expectAnswers(t, client, [texts[i] as string], { hint: 'one-buffer-each', at: [/^let /m, ...READ] });
  }, { needs: ['boundaries'] }),

  check('oversized', async (t) => {
    const program = await start(t);
    t.step(`Send a frame of exactly ${LIMIT} bytes`);
    await exchange(t, program, ['x'.repeat(LIMIT)], (bytes) => [bytes], { hint: 'answer-a-frame', refused: 'the-limit-is-allowed', at: [/>= ?LIMIT/, ...REFUSE] });
    for (const [length, hint] of [[LIMIT + 1, 'refuse-by-the-header'], [0xffff_ffff, 'unsigned']] as const) {
      t.step(`Send a whole frame, then a header that announces ${length} bytes, and nothing behind it`);
      const client = await t.connect(program);
      const header = Buffer.alloc(4);
      header.writeUInt32BE(length);
      await client.write(Buffer.concat([frame('before'), header]));
      const at = hint === 'unsigned' ? [/readInt32BE/, ...REFUSE] : REFUSE;
      await waitFor(t, () => framesIn(client.received()).length >= 2);
      t.expect(framesIn(client.received()), { equals: [answerTo('before'), TOO_LONG] }, { what: 'The answers', message: `A frame of ${length} bytes was not refused when its header was there.`, hint, at });
      t.step('Wait for the connection to end');
      const how = await client.ended(ANSWER_MS).catch((error: Error) => error.message);
      t.expect(how, { equals: 'END' }, { what: 'How the connection ended', hint, at: [/\.end\(/, ...at] });
    }
  }, { needs: ['apart'] }),

  check('truncated', async (t) => {
    const program = await start(t);
    t.step('Send a whole frame and half of another one, then end the sending side');
    const client = await t.connect(program);
    await client.write(Buffer.concat([frame('whole'), frame('this one is cut off').subarray(0, 12)]));
    client.halfClose();
    await client.ended(ANSWER_MS).catch(() => 'TIMEOUT');
    t.expect(framesIn(client.received()), { equals: [answerTo('whole')] }, { what: 'The answers', hint: 'a-part-is-no-message', at: [/'end'/, ...READ] });
    t.step('Send the next client’s frame');
    await exchange(t, program, ['next'], (bytes) => [bytes], { hint: 'a-part-is-no-message', at: [/'end'/, ...READ] });
  }, { needs: ['apart'] }),
];

interface Aim {
  readonly hint: string;
  /** Where a frame was refused that is to be served; `hint` unless given. */
  readonly refused?: string;
  readonly at: readonly RegExp[];
}

async function start(t: CheckContext): Promise<Program> {
  t.step('Start your server');
  return t.start();
}

/** Sends these texts as frames on a connection of their own, cut as `cut` says, and holds the answers against what they must be. */
async function exchange(t: CheckContext, program: Program, texts: readonly string[], cut: (bytes: Buffer) => readonly Buffer[], aim: Aim, pauseMs = 0): Promise<void> {
  const client = await t.connect(program);
  const pieces = cut(Buffer.concat(texts.map((text) => frame(text))));
  // Turns Nagle's algorithm off: it would put the pieces together again.
  await client.writeByteByByte('');
  for (const [i, piece] of pieces.entries()) {
    if (i > 0 && pauseMs > 0) await t.sleep(pauseMs);
    await client.write(piece);
  }
  await expectAnswers(t, client, texts, aim);
  client.close();
}

async function expectAnswers(t: CheckContext, client: TcpClient, texts: readonly string[], { hint, refused = hint, at }: Aim): Promise<void> {
  const expected = texts.map((text) => answerTo(text));
  const bytes = expected.reduce((sum, text) => sum + 4 + Buffer.byteLength(text), 0);
  await waitFor(t, () => client.received().length >= bytes);
  // What comes beyond that is wrong as well.
  await t.sleep(POLL_MS);
  const answers = framesIn(client.received());
  if (expected.length === answers.length && expected.every((text, i) => text === answers[i])) return;
  const i = expected.findIndex((text, at) => text !== answers[at]);
  const which = i < 0 ? `${answers.length} answers came to ${texts.length} frames` : `Frame ${i + 1} of ${texts.length} was ${answers[i] === undefined ? 'not answered' : 'answered wrongly'}`;
  t.fail({ kind: 'wrong-answer', message: `${which}.`, expected: short(expected[Math.max(i, 0)]), actual: i < 0 ? `${answers.length} answers` : short(answers[i]), hint: answers[i] === TOO_LONG ? refused : hint, at });
}

function answerTo(text: string): string {
  return `${[...text].length} characters: ${text.toUpperCase()}`;
}

function frame(text: string): Buffer {
  const header = Buffer.alloc(4);
  header.writeUInt32BE(Buffer.byteLength(text));
  return Buffer.concat([header, Buffer.from(text)]);
}

/** The whole frames in what was received; the rest, where it is none, as it is. */
function framesIn(bytes: Buffer): string[] {
  const texts: string[] = [];
  let from = 0;
  while (bytes.length >= from + 4 && bytes.length >= from + 4 + bytes.readUInt32BE(from)) {
    const end = from + 4 + bytes.readUInt32BE(from);
    texts.push(bytes.toString('utf8', from + 4, end));
    from = end;
  }
  return from === bytes.length ? texts : [...texts, `(no whole frame: ${bytes.length - from} bytes)`];
}

function short(text: string | undefined): string {
  if (text === undefined) return 'nothing';
  return text.length > 60 ? `“${text.slice(0, 60)}…”` : `“${text}”`;
}

function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  return [0, ...places].map((from, i) => bytes.subarray(from, places[i] ?? bytes.length)).filter((piece) => piece.length > 0);
}

function randomCuts(t: CheckContext, bytes: Buffer): Buffer[] {
  const places: number[] = [];
  for (let at = 0; at < bytes.length; at += 1 + t.random.integer(0, t.random.chance(0.25) ? 4 : 900)) places.push(at);
  return cutAt(bytes, places);
}

function randomText(t: CheckContext): string {
  return Array.from({ length: t.random.integer(0, 400) }, () => t.random.pick(ALPHABET)).join('');
}

async function waitFor(t: CheckContext, done: () => boolean): Promise<void> {
  for (const began = performance.now(); !done() && performance.now() - began < ANSWER_MS; ) await t.sleep(POLL_MS);
}
