import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// The built program, as a user calls it.
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cli-'));
});
afterAll(() => rm(dir, { recursive: true }));

function cli(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['dist/cli.cjs', ...args], { timeout: 60_000 }, (_, out, err) => resolve({ code: child.exitCode ?? -1, out, err }));
  });
}

let files = 0;
async function scenarioFile(text: string): Promise<string> {
  const file = join(dir, `${++files}.json`);
  await writeFile(file, text);
  return file;
}

describe('backend-labs list', () => {
  it('lists labs and exercises', async () => {
    const { code, out } = await cli('list', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ labs: expect.arrayContaining([expect.objectContaining({ id: '05-accept-queue' })]) as unknown, problems: [] });
  });
  it('names a folder of labs that cannot be read, and ends with 1', async () => {
    const { code, out } = await cli('list', '--labs', join(dir, 'nowhere'));
    expect(code).toBe(1);
    expect(out).toContain('cannot be read');
  });
  it('says what a folder without labs lacks, and where a lab itself was named in its place', async () => {
    const { code, out } = await cli('list', '--labs', await mkdtemp(join(dir, 'empty-')), '--labs', 'labs/05-accept-queue');
    expect(code).toBe(1);
    expect(out).toMatch(/The lab folder .*empty-\w+ cannot be used: there is no lab in it; a lab is a folder with a lab\.json\./);
    expect(out).toContain('The lab folder labs/05-accept-queue cannot be used: it is a lab itself; name the folder that it is in.');
  });
});

describe.skipIf(process.platform !== 'linux')('backend-labs xray', () => {
  it('shows a process as text, as JSON, and each second until it ends', async () => {
    const child = spawn(process.execPath, ['-e', "require('net').createServer().listen(0, '127.0.0.1', 9, () => console.log('up'))"]);
    await once(child.stdout, 'data');
    const [text, json] = await Promise.all([cli('xray', String(child.pid)), cli('xray', String(child.pid), '--json')]);
    expect(text).toMatchObject({ code: 0, err: '' });
    expect(text.out).toMatch(/^One process, one thread\n/);
    expect(text.out).toMatch(/127\.0\.0\.1:\d+ +\d+ +0 of 10 /);
    expect(JSON.parse(json.out)).toMatchObject({ asked: String(child.pid), state: 'live', recognition: { pattern: 'one-thread' }, sample: { listeners: [{ backlog: 9 }] } });
    const watching = spawn(process.execPath, ['dist/cli.cjs', 'xray', String(child.pid), '--watch', '--json']);
    const lines = createInterface(watching.stdout)[Symbol.asyncIterator]();
    const next = async (): Promise<unknown> => JSON.parse(((await lines.next()) as { value: string }).value);
    expect(await next()).toMatchObject({ state: 'live' });
    expect(await next()).toMatchObject({ state: 'live' });
    const ended = once(watching, 'exit');
    child.kill('SIGKILL');
    expect(await next()).toEqual({ asked: String(child.pid), state: 'ended' });
    expect((await ended)[0]).toBe(0);
  });

  it.each([
    [['xray'], 'xray takes one process'],
    [['xray', ':1'], 'Nothing listens on port 1 here.'],
    [['xray', 'no-such-program'], 'No process here is called "no-such-program".'],
  ])('%j ends with 2 and a sentence', async (args, sentence) => {
    const { code, err } = await cli(...args);
    expect(code).toBe(2);
    expect(err).toContain(sentence);
  });
});

describe('backend-labs simulate', () => {
  const tcp = '{"server":{"backlog":1,"accept":"manual"},"connections":[{"id":"c","count":3}],"sample_ms":[500],"until_ms":900}';

  it('prints one JSON object, the same every time', async () => {
    const file = await scenarioFile(tcp);
    const [first, second] = await Promise.all([cli('simulate', file, '--json'), cli('simulate', file, '--json')]);
    expect(first.code).toBe(0);
    expect(first.out).toBe(second.out);
    expect(JSON.parse(first.out)).toMatchObject({ samples: [{ accept_queue: 2, client_states: { ESTABLISHED: 2, SYN_SENT: 1 } }] });
  });

  it.each([
    ['{"kind":"queue","servers":1,"arrival":{"dist":"exponential","rate":0.5},"service":{"dist":"exponential","mean":1},"customers":20000,"warmup":100,"seed":1}', 'mean_wait'],
    ['{"kind":"cpu","cores":1,"policy":"fifo","processes":[{"name":"A","arrival":0,"bursts":[{"cpu":3}]}]}', 'timeline'],
    ['{"kind":"threads","memory":{"x":0},"threads":{"A":["load r x","add r 1","store x r"],"B":["load r x","add r 1","store x r"]}}', 'interleavings'],
    ['{"kind":"fork","pages":100,"page_bytes":4096,"writes":{"count":50,"pattern":"uniform","seed":1},"children":1}', 'copied_pages'],
    ['{"kind":"retry","intents":1000,"request_loss":0.1,"reply_loss":0.1,"max_attempts":3,"key":true,"timeout_ms":200,"backoff":{"base_ms":50,"factor":2,"jitter":"full"},"service_ms":5,"seed":1}', 'charges'],
  ])('runs %s', async (scenario, field) => {
    const { code, out, err } = await cli('simulate', await scenarioFile(scenario), '--json');
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toHaveProperty(field);
  });

  it.each([
    ['{"kind":"nothing"}', /"kind" must be one of tcp, .*found "nothing"/],
    ['{"kind":"__proto__"}', /"kind" must be one of/],
    ['{"kind":null}', /"kind" must be one of tcp, .*found null/],
    ['{"kind":"queue","servers":1,"arrival":{"dist":"exponential","rate":1e-320},"service":{"dist":"exponential","mean":1},"customers":10}', /"arrival\.rate" must be a number from 1e-9/],
    ['[]', /must be a JSON object/],
    ['{', /is not JSON/],
    [tcp.replace('"backlog":1', '"backlog":-1'), /backlog.* must be a whole number from 0 .*found -1/],
    [tcp.replace('"until_ms":900', '"until_ms":"soon"'), /until_ms.* must be a number/],
    [tcp.replace(',"until_ms":900', ''), /until_ms.* must be .*missing/],
  ])('says in one sentence what is wrong with %s, and ends with 2', async (scenario, sentence) => {
    const { code, out, err } = await cli('simulate', await scenarioFile(scenario), '--json');
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err.trim()).toMatch(sentence);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  it('says which file cannot be read', async () => {
    const { code, err } = await cli('simulate', join(dir, 'nowhere.json'));
    expect([code, err]).toEqual([2, expect.stringContaining('cannot be read')]);
  });
});

describe('backend-labs', () => {
  it.each([
    [[], 2],
    [['help'], 0],
    [['--help'], 0],
  ])('explains itself with %j', async (args, code) => {
    const result = await cli(...args);
    expect([result.code, result.out]).toEqual([code, expect.stringContaining('backend-labs simulate FILE')]);
  });

  it.each([
    [['dance'], /There is no command "dance"/],
    [['toString'], /There is no command/],
    [['run', '77'], /There is no lab "77": it is one of/],
    [['run', '05', '--set', 'backlog=many'], /--set takes NAME=NUMBER/],
    [['run', '05', '--set', 'backlog=100000'], /"backlog" must be a number from 1 to 128/],
    [['run', '05', '--repeat', '0'], /--repeat must be a whole number/],
    [['grade', '05-accept-queue/nothing'], /has no exercise "nothing"/],
    [['grade', '05-accept-queue/shed-load', '/nowhere.ts'], /There is no file \/nowhere\.ts/],
    [['grade', '90-mine/x', '--labs', 'nowhere'], /There is no lab "90-mine": it is one of 01-.* The lab folder nowhere cannot be read: ENOENT/],
    [['grade', 'shed-load', 'labs'], /^"shed-load" is an exercise of a lab: name both, 05-accept-queue\/shed-load\.$/m],
    [['run'], /^Which lab\? Name one of 01-kernel-process-thread, /],
    [['run', '05', '--set', 'delay=10'], /^"delay" is for the simulation only/],
    [['grade'], /^Which lab\?/],
    [['grade', '05-accept-queue'], /^Which exercise\? Name one of 05-accept-queue\/survive-the-burst, /],
    [['grade', '05-accept-queue/shed-load', 'labs'], /is not a file that can be graded: it is a folder/],
    [['list', '--nonsense'], /^Unknown option '--nonsense'\. "backend-labs help" lists what there is\.$/m],
    [['run', '05', '--repeat'], /^Option '--repeat <value>' argument missing\. "backend-labs help"/],
  ])('refuses %j with a sentence and 2', async (args, sentence) => {
    const { code, err } = await cli(...args);
    expect(code).toBe(2);
    expect(err).toMatch(sentence);
    expect(err).not.toContain('    at ');
  });
});

describe('backend-labs run', () => {
  it('holds the measurement against the prediction', async () => {
    const { code, out, err } = await cli('run', '05-accept-queue', '--json', '--set', 'busy=300', '--set', 'clients=3');
    expect(err).toBe('');
    const run = JSON.parse(out) as { comparisons: { quantity: string; measured: number | null }[]; predicted: { timeNs: number[] }; measured: { timeNs: number[] } };
    expect(run.comparisons.find((row) => row.quantity === 'connected-at-once')?.measured).toBe(3);
    expect(run.predicted.timeNs.length).toBeGreaterThan(0);
    expect(run.measured.timeNs.length).toBeGreaterThan(0);
    expect([0, 1]).toContain(code);
  });

  it('gives no client up before the run ends, however many there are to come', async () => {
    const { out } = await cli('run', '05', '--json', '--set', 'clients=140', '--set', 'spacing=200', '--set', 'busy=100');
    const { entities } = (JSON.parse(out) as { measured: { entities: string[] } }).measured;
    expect(entities).toContain('server:c1');
  }, 60_000);
});

describe('backend-labs grade', () => {
  const folder = 'labs/05-accept-queue/exercises/survive-the-burst';
  it('passes a solution with 0', async () => {
    const { code, out } = await cli('grade', '05-accept-queue/survive-the-burst', `${folder}/solution.ts`, '--json');
    expect(JSON.parse(out)).toMatchObject({ verdict: 'passed', points: 10, of: 10 });
    expect(code).toBe(0);
  }, 60_000);

  it('fails a starter with 1, at a line, with its hint', async () => {
    const { code, out } = await cli('grade', '05-accept-queue/survive-the-burst', `${folder}/starter.ts`);
    expect(code).toBe(1);
    expect(out).toMatch(/starter\.ts:\d+:\d+/);
    expect(out).toMatch(/hint: While the loop is busy/);
  }, 60_000);
});
