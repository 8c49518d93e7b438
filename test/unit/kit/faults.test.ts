import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradeExercise } from '../../../src/grading/gradeExercise.ts';
import { cutAtRandom, drawAround, drawFaults, type HttpFault } from '../../../src/kit/faults.ts';
import type { Exercise } from '../../../src/shared/lab.ts';
import { RandomStream } from '../../../src/sim/engine/random.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const host = { execPath: process.execPath, runnerPath: join(root, 'dist/runner.cjs') };
const dir = join(root, 'test/fixtures/labs/90-plain-answers/exercises/faults');
const exercise = JSON.parse(readFileSync(join(dir, 'exercise.json'), 'utf8')) as Exercise;

/** Lets the fixture's check make a fault against a real program, and gives what it found. */
async function found(fault: string, program: string, seed = 1): Promise<unknown> {
  const report = await gradeExercise({ exercise: { dir, lab: '90-plain-answers', exercise }, source: `${program}\n// ${fault}\n`, path: 'shop.ts', seed }, host);
  const failure = report.checks[0]?.failure;
  expect(failure?.kind, failure?.message).toBe('wrong-answer');
  return JSON.parse(failure?.message ?? '') as unknown;
}

/** Running sums. */
const ends = (list: readonly number[]): number[] => list.map((_, i) => list.slice(0, i + 1).reduce((a, b) => a + b, 0));

/** Counts charges; the statements of a request stand on lines 5 to 8. */
const SHOP = `import { createServer } from 'node:http';
let charges = 0;
let answers = 0;
const server = createServer((request, response) => {
  const isCharge = request.url === '/charge';
  if (isCharge) charges++;
  answers += 1;
  response.end(String(charges));
});
server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });`;

describe('a fault between client and server', () => {
  it('loses a reply: the charge is made, its client does not know', async () => {
    expect(await found('LOST_REPLY', SHOP)).toEqual({ error: 'LOST', status: null, body: '1' });
  });

  it('loses a request: no charge is made', async () => {
    expect(await found('LOST_REQUEST', SHOP)).toEqual({ error: 'LOST', body: '0' });
  });

  it('duplicates a request, one after another and at once', async () => {
    expect(await found('DUPLICATED', SHOP)).toEqual(['1', '2', '3', '4']);
  });

  it('is drawn, the same ones from the same seed', async () => {
    const [first, again, other] = [await found('DRAWN', SHOP), await found('DRAWN', SHOP), await found('DRAWN', SHOP, 2)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(new Set(first as (string | null)[])).toEqual(new Set([null, 'lost-reply', 'duplicated']));
  });

  it('comes as often as its weight says', () => {
    const draw = drawFaults({ 'lost-request': 0.1, 'duplicated-at-once': 0.4 }, new RandomStream(1, 'x'));
    const counts = new Map<HttpFault | undefined, number>();
    for (let i = 0; i < 10_000; i++) {
      const fault = draw();
      counts.set(fault, (counts.get(fault) ?? 0) + 1);
    }
    expect(Math.abs((counts.get('lost-request') ?? 0) - 1000)).toBeLessThan(150);
    expect(Math.abs((counts.get('duplicated-at-once') ?? 0) - 4000)).toBeLessThan(250);
    expect([...counts.keys()].toSorted()).toEqual(['duplicated-at-once', 'lost-request', undefined]);
  });

  it.each([{ duplicated: 0.6, 'lost-reply': 0.6 }, { duplicated: -0.1 }, { duplicated: Number.NaN }])('refuses the weights %j', (weights) => {
    expect(() => drawFaults(weights, new RandomStream(1, 'x'))).toThrow(/must be from 0 to 1/);
  });

  it('cuts a request into pieces where the seed says', async () => {
    const server = SHOP.replace("'node:http'", "'node:net'").replace(/createServer\(\([^]*\n\}\);/, `createServer((socket) => {
  const sizes: number[] = [];
  let all = '';
  socket.on('data', (data) => {
    sizes.push(data.length);
    all += data;
    if (all.endsWith('\\r\\n\\r\\n')) socket.end('\\r\\n\\r\\n' + JSON.stringify([sizes, all.length]) + ' end');
  });
});`);
    const cuts = cutAtRandom(Buffer.alloc(36), 6, new RandomStream(7, 'faults: connection 1')).map(({ length }) => length);
    const [sizes, length] = JSON.parse(String(await found('PIECES', server, 7)).replace(' end', '')) as [number[], number];
    expect(length).toBe(36);
    // Two pieces may meet in the receiver's buffer; none is cut anew.
    expect(ends(cuts)).toEqual(expect.arrayContaining(ends(sizes)));
    expect(sizes.length).toBeGreaterThan(1);
  });

  it('leaves no byte out when it cuts', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 1000 }), (bytes, pieces, seed) => {
        const cut = cutAtRandom(bytes, pieces, new RandomStream(seed, 'x'));
        expect(Buffer.concat(cut)).toEqual(Buffer.from(bytes));
        expect(cut.length).toBeLessThanOrEqual(Math.max(1, pieces));
        expect(cut.every(({ length }) => length > 0)).toBe(true);
      }),
    );
  });
});

describe('a slow client, or one that goes', () => {
  const listening = (onConnection: string): string => `import { createServer } from 'node:net';
createServer({ allowHalfOpen: true }, (socket) => {
  let all = 0;
  const times: number[] = [];
  socket.on('data', (data) => {
    for (const _ of data) times.push(Number(process.hrtime.bigint()) / 1e6);
    all += data.length;
  });
  socket.on('error', (error) => console.log((error as NodeJS.ErrnoException).code + ' after ' + all));
  ${onConnection}
}).listen({ host: '127.0.0.1', port: Number(process.env.PORT) });`;

  it('reads slowly, in portions that the seed draws', async () => {
    /** Where the portions of a seed end. */
    const planned = (seed: number): number[] => {
      const random = new RandomStream(seed, 'faults: connection 1: reads');
      return ends(Array.from({ length: 12 }, () => Math.round(drawAround(400, random))));
    };
    for (const [seed, other] of [[1, 2], [1, 2], [2, 1]] as const) {
      // Where the watching was late, two portions look like one.
      const seen = (await found('SLOW_READER', listening("socket.write('x'.repeat(60_000));"), seed)) as number[];
      expect(seen.length).toBeGreaterThan(3);
      expect(planned(seed)).toEqual(expect.arrayContaining(seen));
      expect(planned(other)).not.toEqual(expect.arrayContaining(seen));
    }
  });

  it('writes slowly, byte by byte, with pauses that the seed draws', async () => {
    const program = listening("socket.on('end', () => socket.end(JSON.stringify(times) + ' end'));");
    const run = async (seed: number): Promise<readonly number[]> => {
      const { beganMs, pauses, times } = (await found('SLOW_WRITER', program, seed)) as { beganMs: number; pauses: number[]; times: string };
      const arrivals = JSON.parse(times.replace(' end', '')) as number[];
      expect(arrivals).toHaveLength(10);
      // No byte comes before its time; a timer may ring a millisecond early, each of them.
      expect(arrivals.slice(1).map((time, i) => time - beganMs - ends(pauses)[i]! + i + 1).filter((lateMs) => lateMs < 0)).toEqual([]);
      return pauses;
    };
    const [first, again, other] = [await run(1), await run(1), await run(2)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(first.every((pause) => pause >= 10 && pause <= 30)).toBe(true);
  });

  it('half-closes and resets behind the byte that the seed draws', async () => {
    const program = listening("socket.on('end', () => socket.end('got ' + all + ' end'));");
    const run = async (seed: number): Promise<unknown> => {
      const { closed, seen, broken, output } = (await found('CUT_SHORT', program, seed)) as { closed: number; seen: string; broken: number; output: string };
      expect([seen, output]).toEqual([`got ${closed} end`, `ECONNRESET after ${broken}`]);
      for (const length of [closed, broken]) expect(length > 0 && length < 40).toBe(true);
      return [closed, broken];
    };
    const [first, again, other] = [await run(1), await run(1), await run(2)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });
});

describe('SIGKILL', () => {
  it('comes before a statement that the seed draws', async () => {
    const run = (seed: number): Promise<unknown> => found('KILLED_ANYWHERE', SHOP, seed);
    const places = [await run(1), await run(2), await run(3), await run(4)];
    expect(await run(1)).toEqual(places[0]);
    expect(new Set(places.map((place) => JSON.stringify(place))).size).toBeGreaterThan(1);
    expect(places[0]).toMatchObject({ n: expect.any(Number) as unknown, before: { line: expect.any(Number) as unknown } });
  }, 30_000);

  it('comes before each of the statements that a request takes, and no later one runs', async () => {
    const { taken, ends } = (await found('STATEMENTS', SHOP)) as { taken: number; ends: { n: number; error: unknown; signal: string; line: number }[] };
    // Which places of a line are told apart is the engine's own.
    expect(taken).toBeGreaterThanOrEqual(5);
    expect([...new Set(ends.map(({ line }) => line))]).toEqual([5, 6, 7, 8]);
    expect(ends.every(({ signal, error }) => signal === 'SIGKILL' && error === 'ECONNRESET')).toBe(true);
  }, 30_000);

  it('does not wait at a debugger statement', async () => {
    const { ends } = (await found('STATEMENTS', SHOP.replace('  answers += 1;', '  debugger;'))) as { ends: { signal: string }[] };
    expect(ends.every(({ signal }) => signal === 'SIGKILL')).toBe(true);
  }, 30_000);

  it('needs statements to be counted for that, and says so', async () => {
    expect(await found('UNCOUNTED', SHOP)).toMatch(/start it with t\.start\(\{ countStatements: true \}\)/);
  });

  it('comes at any time, and is no crash of the learner’s', async () => {
    expect(await found('KILLED', SHOP)).toBe('SIGKILL');
  });
});

describe('a worker', () => {
  it('that crashes is the one that the seed draws', async () => {
    const workers = `import { Worker } from 'node:worker_threads';\n${SHOP}\nfor (let i = 0; i < 8; i++) new Worker('setInterval(() => {}, 1000)', { eval: true });`;
    const run = (seed: number): Promise<unknown> => found('ANY_WORKER', workers, seed);
    const [first, again, other] = [await run(1), await run(1), await run(2)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(new Set(first as number[]).size).toBe(3);
  }, 30_000);

  it('crashes, be it a thread or a process, and its program is told', async () => {
    const program = `import { fork } from 'node:child_process';
import { Worker } from 'node:worker_threads';
${SHOP.replace("const isCharge = request.url === '/charge';", `const isCharge = false;
  if (request.url === '/workers') {
    new Worker('setInterval(() => {}, 1000)', { eval: true }).on('exit', () => console.log('a thread ended'));
    const child = fork(import.meta.filename ?? process.argv[1], { execArgv: ['-e', 'setInterval(() => {}, 1000)'] });
    child.on('exit', (_, signal) => console.log('a process ended by ' + signal));
  }`)}`;
    const { crashed, left, output } = (await found('WORKERS', program)) as { crashed: (string | null)[]; left: number; output: string[] };
    expect(crashed.slice(0, 2).toSorted()).toEqual(['process', 'thread']);
    expect(crashed[2]).toBeNull();
    expect(left).toBe(0);
    expect(output).toEqual(['a process ended by SIGKILL', 'a thread ended']);
  });
});
