import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openSockets } from '../../../src/kit/openSockets.ts';

const MIB = 1024 * 1024;
const server = createServer();
let here: Socket;
let there: Socket;

beforeAll(async () => {
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  here = connect((server.address() as AddressInfo).port, '127.0.0.1');
  [there] = await accepted;
  await once(here, 'connect');
});

afterAll(() => {
  here.destroy();
  there.destroy();
  server.close();
});

it('tells what waits for a reader that has paused, and what the other end has read', async () => {
  const before = openSockets();
  there.pause();
  const whole = Buffer.alloc(32 * MIB);
  here.write(whole);
  await sleep(50);
  const stopped = openSockets();
  expect(stopped.unsentBytes).toBe(before.unsentBytes + whole.length);
  expect(stopped.readBytes - before.readBytes).toBeLessThan(MIB);
  there.resume();
  await once(here, 'drain');
  await expect.poll(() => openSockets().readBytes).toBe(before.readBytes + whole.length);
  expect(openSockets().unsentBytes).toBe(before.unsentBytes);
});
