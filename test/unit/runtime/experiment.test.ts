import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runExperiment } from '../../../src/runtime/experiment.ts';
import { startLabServer } from '../../../src/runtime/startLabServer.ts';
import { HumanError } from '../../../src/shared/errors.ts';
import type { Machine } from '../../../src/shared/report.ts';
import { evaluate } from '../../../src/shared/metric.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const labDir = join(root, 'test/fixtures/labs/90-plain-answers');
const host = { execPath: process.execPath, runnerPath: join(root, 'dist/runner.cjs') };
const machine: Machine = { platform: process.platform, release: '', cores: 1, node: '', jiffyMs: 4, kernel: {} };

describe('an experiment', () => {
  it('runs for real and gives what it recorded', async () => {
    const progress: string[] = [];
    const { trace, notes, found } = await runExperiment({ labDir, values: { backlog: 2, clients: 2 }, machine }, host, { onProgress: (message) => progress.push(message) });
    expect(progress).toContain('starting');
    expect(notes).toEqual(expect.arrayContaining(['sum 5', 'broken on purpose']));
    expect(found).toEqual({ '/server/backlog': 7 });
    expect(trace.source).toBe('measured');
    expect(evaluate({ of: 'count', kind: 'connected', entity: 'client:*' }, trace)).toBe(2);
    expect(evaluate({ of: 'count', kind: 'event', entity: 'client:*', where: { event: 'connect' } }, trace)).toBe(2);
    expect(evaluate({ of: 'lastMs', kind: 'event', where: { event: 'connect' } }, trace)!).toBeLessThanOrEqual(evaluate({ of: 'lastMs', kind: 'connected' }, trace)!);
    expect(evaluate({ of: 'count', kind: 'accepted', entity: 'server:*' }, trace)).toBe(2);
    expect(trace.timeNs.every((time, i) => i === 0 || time >= (trace.timeNs[i - 1] as number))).toBe(true);
    // accept() comes only when the loop is free again, connect() does not wait for it.
    expect(evaluate({ of: 'firstMs', kind: 'accepted' }, trace)!).toBeGreaterThan(evaluate({ of: 'lastMs', kind: 'connected' }, trace)!);
    if (process.platform === 'linux') expect(evaluate({ of: 'maximum', kind: 'accept-queue' }, trace)).toBe(2);
  });

  it('that breaks down rejects with its error and the lab’s stack', async () => {
    const error = await runExperiment({ labDir, values: { bug: 1 }, machine }, host).catch((caught: unknown) => caught as Error);
    expect(error).toMatchObject({ message: 'a bug in the lab' });
    expect(error).not.toBeInstanceOf(HumanError);
    expect((error as Error).stack).toMatch(/90-plain-answers\/experiment\.ts:8:18/);
  });

  it('that comes to no end is ended at its deadline with a sentence', async () => {
    await expect(runExperiment({ labDir, values: { forever: 1 }, machine }, host, { deadlineMs: 1500 })).rejects.toThrow(/ended after 2 s, since it had come to no end/);
  });

  it('that is cancelled rejects with the signal’s reason', async () => {
    const signal = AbortSignal.timeout(700);
    await expect(runExperiment({ labDir, values: { forever: 1 }, machine }, host, { signal })).rejects.toBe(await reasonOf(signal));
  });

  it('of a folder without one is a sentence that names the file', async () => {
    await expect(runExperiment({ labDir: join(root, 'test'), values: {}, machine }, host)).rejects.toThrow(/There is no file .*experiment\.ts/);
  });

  it('cannot be run by a Node that is not there', async () => {
    await expect(runExperiment({ labDir, values: {}, machine }, { ...host, execPath: '/no/such/node' })).rejects.toThrow(/ENOENT/);
  });
});

describe('a lab’s server', () => {
  it('stays up until it is stopped', async () => {
    const server = await startLabServer({ labDir, values: { backlog: 2 } }, host);
    expect(await greeting(server.port)).toBe('hello');
    await server.stop();
    expect(await server.exited).toBeNull();
    expect(await greeting(server.port)).toBe('ECONNREFUSED');
  });

  it('goes when the signal is aborted', async () => {
    const abort = new AbortController();
    const server = await startLabServer({ labDir, values: {} }, host, { signal: abort.signal });
    abort.abort();
    expect(await server.exited).toBeNull();
    expect(await greeting(server.port)).toBe('ECONNREFUSED');
  });

  it('that ends by itself says so', async () => {
    const server = await startLabServer({ labDir, values: {} }, host);
    process.kill(server.pid, 'SIGKILL');
    expect((await server.exited)?.message).toMatch(/ended by itself/);
  });
});

function greeting(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('data', (chunk) => resolve(chunk.toString()));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
  });
}

function reasonOf(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason)));
}
