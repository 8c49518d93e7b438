import { spawn, type ChildProcess } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { AcceptQueueReader } from '../../../src/runtime/acceptQueue.ts';
import { readListenQueue } from '../../../src/runtime/tcpTables.ts';

/** Listens, says where, and keeps its loop for as long as the test may take, so that it accepts nobody. */
const BUSY = `const s = require('node:net').createServer().listen({ port: 0, host: process.argv[1] }, () => {
  require('node:fs').writeSync(1, s.address().port + '\\n');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20000);
});`;

describe.skipIf(process.platform !== 'linux')('the accept queue of a listener, read row by row', () => {
  let program: ChildProcess | undefined;
  const clients: Socket[] = [];

  afterEach(() => {
    program?.kill('SIGKILL');
    for (const client of clients.splice(0)) client.destroy();
  });

  async function busyServer(host: string): Promise<number> {
    program = spawn(process.execPath, ['-e', BUSY, host], { stdio: ['ignore', 'pipe', 'inherit'] });
    return new Promise((resolve) => program?.stdout?.once('data', (text: Buffer) => resolve(Number(text.toString()))));
  }

  async function join(host: string, port: number, count: number): Promise<void> {
    const joining = Array.from({ length: count }, () => connect(port, host));
    for (const client of joining) client.on('error', () => undefined);
    clients.push(...joining);
    await Promise.all(joining.map((client) => new Promise((resolve) => client.once('connect', resolve))));
  }

  it.each(['127.0.0.1', '::1'])('is what the whole table says, at %s, as it grows', async (host) => {
    const port = await busyServer(host);
    const reader = new AcceptQueueReader(port);
    expect(reader.read()).toBe(0);
    await join(host, port, 3);
    expect(reader.read()).toBe(3);
    await join(host, port, 2);
    expect(reader.read()).toBe(5);
    expect(readListenQueue(port)?.acceptQueue).toBe(5);
  });

  it('is null before anything listens there, and once nothing does any more', async () => {
    const port = await busyServer('127.0.0.1');
    const reader = new AcceptQueueReader(port);
    await join('127.0.0.1', port, 1);
    expect(reader.read()).toBe(1);
    const ended = new Promise((resolve) => program?.once('exit', resolve));
    program?.kill('SIGKILL');
    await ended;
    expect(reader.read()).toBeNull();
    expect(new AcceptQueueReader(clients[0]?.localPort ?? 0).read()).toBeNull();
  });
});
