import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckResult, ExerciseReport } from '../../../src/shared/report.ts';
import { writeTinyLab } from '../labs/tinyLab.ts';

// Each kind of failure as a learner meets it: the built program grades a file of a lab on the disk.

const root = fileURLToPath(new URL('../../..', import.meta.url));
const LAB = '90-kinds';
const SLOW_LIMIT_MS = 40;
/** What the checker computes itself takes this much of a core, which is within its limit where it gets one. */
const WORK_MS = 60;

const CHECK = `import { check } from 'backend-labs/kit';
export default [
  check('works', async (t) => {
    t.step('Start your server');
    if (t.source.includes('BUG')) throw new TypeError('no such thing');
    const program = await t.start();
    if (t.source.includes('WORK')) {
      t.step('Compute');
      const began = performance.now();
      const { user, system } = process.cpuUsage();
      for (let used = 0; used < ${WORK_MS * 1000}; ) {
        const now = process.cpuUsage();
        used = now.user + now.system - user - system;
      }
      t.expect(Math.round(performance.now() - began), { atMost: ${WORK_MS + 20} }, { what: 'The work', unit: 'ms', kind: 'too-slow', hint: 'faster' });
    }
    t.step('Ask for /');
    const answer = await t.http(program, { timeoutMs: 3000 });
    t.expect(answer.error ?? answer.body, { equals: 'ok' }, { what: 'The answer', hint: 'say-ok', at: /response\\.end/ });
    t.expect(Math.round(answer.totalMs), { atMost: ${SLOW_LIMIT_MS} }, { what: 'The answer', unit: 'ms', kind: 'too-slow', hint: 'faster', at: /response\\.end/ });
  }),
];
`;

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kinds-'));
  const definition = { id: 'kinds', timeLimitMs: 12_000, allows: ['child-processes' as const], checks: [{ id: 'works', title: 'It works', points: 3 }], hints: { 'say-ok': 'Say ok.', faster: 'Be faster.' } };
  await writeTinyLab(join(dir, 'labs'), LAB, [{ definition, files: { 'check.ts': CHECK } }]);
});
afterAll(() => rm(dir, { recursive: true }));

/** A server that does `handler` with each request. */
const server = (handler: string, before = ''): string => `import { createServer } from 'node:http';
import { spawn } from 'node:child_process';
${before}
createServer((request, response) => {
  ${handler}
}).listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
`;
const RIGHT = server("response.end('ok');");

interface Graded {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function grade(source: string, { json = true, prefix = [] as readonly string[] } = {}): Promise<Graded> {
  const file = join(dir, 'learner.ts');
  await writeFile(file, source);
  const [command, ...args] = [...prefix, process.execPath, join(root, 'dist/cli.cjs'), 'grade', `${LAB}/kinds`, file, '--labs', join(dir, 'labs'), ...(json ? ['--json'] : [])];
  return new Promise((resolve) => {
    const child = execFile(command as string, args, { timeout: 60_000 }, (_, out, err) => resolve({ code: child.exitCode ?? -1, out, err }));
  });
}

async function failureOf(source: string): Promise<{ code: number; report: ExerciseReport; failure: NonNullable<CheckResult['failure']> }> {
  const { code, out, err } = await grade(source);
  expect(err).toBe('');
  const report = JSON.parse(out) as ExerciseReport;
  const { failure } = report.checks[0] as CheckResult;
  if (!failure) throw new Error(`nothing failed: ${out}`);
  return { code, report, failure };
}

interface Expected {
  readonly message: RegExp;
  readonly expected?: RegExp;
  readonly actual?: RegExp;
  /** Counting from 0. */
  readonly location?: number;
  readonly steps: readonly string[];
  /** Its id. */
  readonly hint: string;
  readonly stack?: RegExp;
}

describe('a failure', () => {
  it.each<[string, string, Expected]>([
    ['syntax', "const server = ;\nserver.listen();\n", { message: /^Line 1 does not parse: /, location: 0, steps: [], hint: 'syntax' }],
    ['did-not-listen', 'setInterval(() => {}, 1000);\n', { message: /called no listen\(\) within/, expected: /listens on Number\(process\.env\.PORT\)/, actual: /no listening socket/, location: 0, steps: ['Start your server'], hint: 'did-not-listen' }],
    ['crashed', server('price(undefined);', 'function price(order: { amount: number } | undefined) { return order!.amount; }'), { message: /crashed during "Ask for \/" at line 3: TypeError: Cannot read properties of undefined/, expected: /stays up/, actual: /TypeError/, location: 2, steps: ['Start your server', 'Ask for /'], hint: 'crashed', stack: /at price \(learner\.ts:3:\d+\)[\s\S]*learner\.ts:5:/ }],
    ['hung', server('spin();', 'function spin() { for (;;); }'), { message: /event loop is busy at line 3, in spin\(\),/, expected: /loop that turns/, actual: /busy at line 3, in spin\(\)$/, location: 2, steps: ['Start your server', 'Ask for /'], hint: 'hung' }],
    ['wrong-answer', server("response.end('no');"), { message: /^The answer: expected "ok", got "no"\.$/, expected: /^"ok"$/, actual: /^"no"$/, location: 4, steps: ['Start your server', 'Ask for /'], hint: 'say-ok' }],
    // Slower than any machine on which this passes could explain.
    ['too-slow', server("setTimeout(() => response.end('ok'), 1500);"), { message: /expected at most 40 ms, got 1\d{3} ms\. That is 1\d{3} ms, or \d{4} %, too much\. So it was in 3 runs: 1\d{3} ms, 1\d{3} ms, 1\d{3} ms\.$/, expected: /^at most 40 ms$/, actual: /^1\d{3} ms$/, location: 4, steps: ['Start your server', 'Ask for /'], hint: 'faster' }],
    ['leaked', server("response.end('ok');", "spawn('sleep', ['60'], { detached: true, stdio: 'ignore' }).unref();"), { message: /^A process that your program started went on after it was stopped\.$/, expected: /no process left/, actual: /1 left/, steps: ['Start your server', 'Ask for /'], hint: 'leaked' }],
  ])('of kind %s says what it was, where, what was expected and seen, and one hint', async (kind, source, expected) => {
    const { message, location, steps, hint, stack } = expected;
    const { code, report, failure } = await failureOf(source);
    expect([code, report.verdict, failure.kind, report.points], failure.message).toEqual([1, 'failed', kind, 0]);
    expect(failure.message).toMatch(message);
    for (const name of ['expected', 'actual'] as const) if (expected[name]) expect(failure[name]).toMatch(expected[name]);
    expect(failure.location?.line).toBe(location);
    expect(failure.steps).toEqual(steps);
    expect(failure.hint?.id).toBe(hint);
    expect(failure.hint?.text).toMatch(/\w.*\.$/);
    if (stack) expect(failure.stack).toMatch(stack);
  }, 40_000);

  it('that is ours is told as ours, with exit code 2', async () => {
    expect(await grade(`${RIGHT}// BUG\n`)).toMatchObject({ code: 2, out: '', err: 'The check "works" itself broke down: no such thing\n' });
  });

  it.skipIf(process.platform !== 'linux')('on a machine that is too busy decides nothing, with exit code 2', async () => {
    // One core, and others that want it all the time: the learner's server is right.
    const core = ['taskset', '--cpu-list', String(availableParallelism() - 1)];
    const burners = Array.from({ length: 6 }, () => spawn(core[0] as string, [...core.slice(1), process.execPath, '-e', 'for (;;);'], { stdio: 'ignore' }));
    try {
      const { code, out, err } = await grade(`${RIGHT}// WORK\n`, { prefix: core });
      const { verdict, points, checks } = JSON.parse(out) as ExerciseReport;
      expect([err, code, verdict, points, checks[0]?.failure?.kind], out).toEqual(['', 2, 'unfit-machine', 0, 'unfit-machine']);
      expect(checks[0]?.failure?.message).toMatch(/^This machine is too busy to decide on time: the checker itself was held up for \d+ ms\. Grade again when less is running\./);
    } finally {
      for (const burner of burners) burner.kill('SIGKILL');
    }
  }, 60_000);

  it('is told in the terminal step by step, at its place', async () => {
    const { code, out } = await grade(server("response.end('no');"), { json: false });
    expect(code).toBe(1);
    expect(out.replaceAll(dir, '')).toBe(`90-kinds/kinds: failed, 0 of 3 points
✗ works: It works
    /learner.ts:5:3
    1. Start your server
    2. Ask for /
    The answer: expected "ok", got "no".
    expected "ok"
    actual   "no"
    hint: Say ok.
`);
  });
});
