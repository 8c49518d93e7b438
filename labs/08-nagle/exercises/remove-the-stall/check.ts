import { check, type CheckContext, type Program, type TcpClient } from 'backend-labs/kit';

const REQUESTS = 15;
const LIMIT_MS = 5;
const ANSWER_MS = 1500;
/** Where each and every answer takes this long it is no hiccup of a busy machine. */
const STALL_MS = 30;

const WRITES = [/\.write\(/, /Your work starts here/, /function answer/];

export default [
  check('answers', async (t) => {
    t.step('Start your server');
    const program = await t.start();
    for (const number of [1, 42, 1000]) {
      t.step(`Connect and send “GET ${number}”`);
      const client = await t.connect(program);
      await client.write(`GET ${number}\n`);
      const came = await textWithin(client, answerTo(number));
      if (came !== answerTo(number)) failAnswer(t, number, came);
    }
  }),

  check('stream', async (t) => {
    const program = await t.start();
    const client = await t.connect(program);
    t.step('Send three requests in one write, and the fourth in two halves');
    const expected = [7, 8, 9, 10].map(answerTo).join('');
    await client.write('GET 7\nGET 8\nGET 9\n');
    await client.write('GET 1');
    await t.sleep(20);
    // A server that ended the connection is found out by what came.
    await client.write('0\n').catch(() => undefined);
    const came = await textWithin(client, expected);
    const over = await client.ended(0).then(() => true, () => false);
    const hint = over ? 'connection-stays' : sorted(came) === sorted(expected) ? 'answers-in-order' : 'lines-not-chunks';
    t.expect(came, { equals: expected }, { what: 'What came on the connection', hint, at: [/\.end\(|\.destroy\(/, ...(hint === 'lines-not-chunks' ? [/\.split\(/, /'data'/] : []), ...WRITES] });
    t.step('Send half a request on one connection, a whole one on another, and then the other half');
    const [one, other] = [await t.connect(program), await t.connect(program)];
    await one.write('GET 1');
    await t.sleep(20);
    await other.write('GET 2\n');
    const apart = await textWithin(other, answerTo(2));
    await one.write('1\n');
    t.expect([await textWithin(one, answerTo(11)), apart], { equals: [answerTo(11), answerTo(2)] }, { what: 'What came on the two connections', hint: 'a-rest-of-its-own', at: [/^let /m, /'data'/, ...WRITES] });
  }, { needs: ['answers'] }),

  check('fast', async (t) => {
    const program = await t.start();
    t.step(`Make ${REQUESTS} requests on one connection, each when the answer before it is there`);
    const { client, latenciesMs } = await requests(t, program);
    const counts = await client.segments();
    if (counts) t.step(`The client received ${counts.received} segments with data`);
    const at = [/setTimeout|setInterval|setImmediate/, ...WRITES];
    const least = Math.min(...latenciesMs.slice(1));
    if (least >= STALL_MS) t.fail({ kind: 'wrong-answer', message: `After the first, no answer came in less than ${Math.floor(least)} ms: each of them stalled.`, expected: `half of them in less than ${LIMIT_MS} ms`, actual: `${median(latenciesMs).toFixed(1)} ms, the median`, hint: hintForSlow(t), at });
    t.expect(median(latenciesMs), { atMost: LIMIT_MS }, { what: 'The median latency', unit: 'ms', kind: 'too-slow', hint: hintForSlow(t), at });
  }, { needs: ['stream'] }),

  check('nagle-on', async (t) => {
    t.step('Look for TCP_NODELAY in the source');
    const code = t.source.replaceAll(/\/\/.*|\/\*[^]*?\*\//g, '');
    t.expect(/\bsetNoDelay\b|\bnoDelay\b/.test(code), { equals: false }, { what: 'Whether Nagle’s rule is switched off', hint: 'nagle-stays-on', at: [/\bsetNoDelay\(|\bnoDelay\b/] });
    const program = await t.start();
    t.step(`Make ${REQUESTS} requests and count the segments`);
    const { client, pieces } = await requests(t, program);
    const segments = (await client.segments())?.received ?? pieces;
    t.expect(segments, { atMost: REQUESTS }, { what: `Segments with data for ${REQUESTS} answers`, unit: 'segments', hint: 'nagle-stays-on', at: WRITES });
  }, { needs: ['fast'] }),
];

/** Makes requests one after another. `pieces`: how many the answers were read in, at most as many as segments came. */
async function requests(t: CheckContext, program: Program): Promise<{ client: TcpClient; latenciesMs: number[]; pieces: number }> {
  const client = await t.connect(program);
  const latenciesMs: number[] = [];
  let expected = '';
  let pieces = 0;
  for (let number = 1; number <= REQUESTS; number++) {
    const header = expected + headerOf(number);
    expected += answerTo(number);
    const began = performance.now();
    await client.write(`GET ${number}\n`);
    pieces += (await textWithin(client, header)).length < expected.length ? 2 : 1;
    const came = await textWithin(client, expected);
    latenciesMs.push(performance.now() - began);
    if (came !== expected) failAnswer(t, number, came.slice(expected.length - answerTo(number).length));
  }
  return { client, latenciesMs, pieces };
}

/** All that came, once `expected` is in it, the connection has ended, or the time is over. */
async function textWithin(client: TcpClient, expected: string): Promise<string> {
  await client.readUntil(expected, ANSWER_MS).catch(() => undefined);
  return client.received().toString('utf8');
}

function failAnswer(t: CheckContext, number: number, came: string): never {
  const expected = answerTo(number);
  const hint = came === '' ? 'pull-the-cork' : came.split('\n')[0] === `OK ${bodyOf(number).length}` ? 'length-in-bytes' : 'same-bytes';
  const at = came === '' ? [/\.cork\(\)/, ...WRITES] : [/\.length\b|padEnd|padStart|repeat\(/, ...WRITES];
  t.fail({ kind: 'wrong-answer', message: came === '' ? `Nothing came back for “GET ${number}”.` : `The answer to “GET ${number}” is not byte for byte what it was.`, expected: JSON.stringify(expected), actual: JSON.stringify(came.slice(0, 200)), hint, at });
}

function hintForSlow(t: CheckContext): string {
  return /\bcork\(\)/.test(t.source) && /setTimeout|setInterval/.test(t.source) ? 'uncork-in-the-same-turn' : 'one-write';
}

/** Its letters: the same for the same answers in whatever order. */
function sorted(text: string): string {
  return [...text].toSorted().join('');
}

function answerTo(number: number): string {
  return headerOf(number) + bodyOf(number);
}

function headerOf(number: number): string {
  return `OK ${Buffer.byteLength(bodyOf(number))}\n`;
}

function bodyOf(number: number): string {
  return `Item №${number}: a crème brûlée dish, ${number % 7} in stock, ${number * 3} €`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
