import { check, type CheckContext, type TcpClient } from 'backend-labs/kit';

const WORD = 'network';
const QUICK_MS = 20;
const MOST_SEGMENTS = 5;
const ANSWER_MS = 1500;
/** Where each and every suggestion takes this long it is no hiccup of a busy machine. */
const STALL_MS = 35;
const LINES = Array.from({ length: 100 }, (_, i) => `file-${String(i + 1).padStart(3, '0')}.txt\n`);

const KEYS = [/socket\.write\(key\)/, /function type/, /createServer\(/];
const LISTING = [/of listing\(\)/, /listing\(\)/, /createServer\(/];

export default [
  check('echo', async (t) => {
    t.step('Start your server');
    const client = await t.connect(await t.start());
    t.step(`Type “${WORD}”, each key when the suggestion before it is there`);
    const typed = await typeWord(t, client);
    t.expect(typed.some(({ alone }) => alone), { equals: true }, { what: 'Whether a key came back before its suggestion', hint: 'echo-at-once', at: [/setTimeout\(\(\) => socket\.uncork/, /setTimeout/, ...KEYS] });
  }),

  check('pasted', async (t) => {
    const program = await t.start();
    const client = await t.connect(program);
    t.step('Paste “abc”: three keys in one write');
    await client.write('abc');
    const expected = 'abc<a?><ab?><abc?>';
    const came = await textWithin(client, expected);
    const late = came === `abc${'<abc?>'.repeat(3)}`;
    t.expect(came, { equals: expected }, { what: 'What came back', hint: late ? 'the-word-of-its-key' : 'a-chunk-is-no-key', at: [/String\(keys\)/, ...KEYS] });
    t.step('Type “x” at another terminal, and then “d” at this one');
    const other = await t.connect(program);
    await other.write('x');
    t.expect(await textWithin(other, 'x<x?>'), { equals: 'x<x?>' }, { what: 'What came back to the other terminal', hint: 'a-word-for-each', at: [/^let word/m, ...KEYS] });
    await client.write('d');
    t.expect(await textWithin(client, `${expected}d<abcd?>`), { equals: `${expected}d<abcd?>` }, { what: 'What came back to the first', hint: 'a-word-for-each', at: [/^let word/m, ...KEYS] });
  }, { needs: ['echo'] }),

  check('quick', async (t) => {
    const client = await t.connect(await t.start());
    t.step(`Type “${WORD}” and look how long after its key each suggestion comes`);
    const typed = await typeWord(t, client);
    const counts = await client.segments();
    if (counts) t.step(`${WORD.length} keys cost ${counts.sent} segments there and ${counts.received} back`);
    const sorted = typed.slice(1).map(({ suggestedMs }) => suggestedMs).toSorted((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
    const least = sorted[0] ?? 0;
    if (least >= STALL_MS) t.fail({ kind: 'wrong-answer', message: `After the first, no suggestion came in less than ${Math.floor(least)} ms.`, expected: `at most ${QUICK_MS} ms, the median`, actual: `${median.toFixed(1)} ms`, hint: hintForSlow(t), at: KEYS });
    t.expect(median, { atMost: QUICK_MS }, { what: 'From a key to its suggestion, the median', unit: 'ms', kind: 'too-slow', hint: hintForSlow(t), at: KEYS });
  }, { needs: ['echo'] }),

  check('packets', async (t) => {
    const client = await t.connect(await t.start());
    t.step('Type “ls”, press Enter, and wait for the listing');
    await client.write('ls');
    await textWithin(client, 'ls<l?><ls?>');
    const before = await client.segments();
    await client.write('\n');
    const came = await textWithin(client, LINES.at(-1) as string);
    const missing = LINES.filter((line) => !came.includes(line)).length;
    t.expect(LINES.length - missing, { equals: LINES.length }, { what: 'Lines of the listing that came', unit: 'lines', hint: 'pull-the-cork', at: [/\.cork\(\)/, ...LISTING] });
    const counts = await client.segments();
    t.step('Type “x”');
    await client.write('x');
    const after = `${LINES.at(-1) ?? ''}x<x?>`;
    t.expect((await textWithin(client, after)).endsWith(after), { equals: true }, { what: 'After a listing a word begins anew', hint: 'enter-ends-the-word', at: LISTING });
    if (counts && before) t.expect(counts.received - before.received, { atMost: MOST_SEGMENTS }, { what: 'Segments for a listing of 100 lines', unit: 'segments', hint: 'gather-the-listing', at: LISTING });
    else t.step('The segments are not counted here: this system does not show them');
  }, { needs: ['quick'] }),
];

/** Types the word. `alone`: the key came before its suggestion; `suggestedMs`: from the key to the suggestion. */
async function typeWord(t: CheckContext, client: TcpClient): Promise<{ alone: boolean; suggestedMs: number }[]> {
  const typed: { alone: boolean; suggestedMs: number }[] = [];
  let expected = '';
  for (const [i, key] of [...WORD].entries()) {
    const echoed = expected + key;
    expected = `${echoed}<${WORD.slice(0, i + 1)}?>`;
    const began = performance.now();
    await client.write(key);
    const alone = (await textWithin(client, echoed)) === echoed;
    const came = await textWithin(client, expected);
    typed.push({ alone, suggestedMs: performance.now() - began });
    t.expect(came, { equals: expected }, { what: 'What came back', hint: 'key-then-suggestion', at: KEYS });
  }
  return typed;
}

/** All that came, once `expected` is in it, the connection has ended, or the time is over. */
async function textWithin(client: TcpClient, expected: string): Promise<string> {
  await client.readUntil(expected, ANSWER_MS).catch(() => undefined);
  return client.received().toString('latin1');
}

function hintForSlow(t: CheckContext): string {
  return /\bsetNoDelay\(true|\bsetNoDelay\(\)|\bnoDelay: true/.test(t.source) ? 'a-terminal-cannot-wait' : 'no-delay-for-the-keys';
}
