import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { askHttp } from '../../../src/kit/httpClient.ts';
import { ClientError, connectTcp, type ClientStreams } from '../../../src/kit/tcpClient.ts';
import { connectClients } from '../../../src/runtime/connectClients.ts';
import { RandomStream } from '../../../src/sim/engine/random.ts';

const random = (seed = 1): ClientStreams => (use) => new RandomStream(seed, use);
const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  return (server.address() as AddressInfo).port;
}

async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('an HTTP request', () => {
  it('gives status, body and times', async () => {
    const port = await listen(createHttpServer((request, response) => response.writeHead(201, { 'x-path': request.url }).end(request.method)));
    const answer = await askHttp(port, { path: '/a', body: 'b' });
    expect(answer).toMatchObject({ status: 201, body: 'POST', error: null, headers: { 'x-path': '/a' } });
    expect(answer.totalMs).toBeGreaterThanOrEqual(answer.connectMs!);
  });

  it.each([
    ['ECONNREFUSED', closedPort],
    ['ECONNRESET', () => listen(createServer((socket) => socket.resetAndDestroy()))],
    ['TIMEOUT', () => listen(createServer(() => undefined))],
    ['ECONNRESET', () => listen(createHttpServer((_, response) => response.writeHead(200, { 'content-length': 9 }).write('x', () => response.destroy())))],
  ])('that comes to %s says so', async (error, start) => {
    expect(await askHttp(await start(), { timeoutMs: 200 })).toMatchObject({ status: null, error });
  });
});

describe('a TCP client', () => {
  it('writes byte by byte', async () => {
    const chunks: string[] = [];
    const port = await listen(createServer((socket) => socket.on('data', (chunk) => chunks.push(chunk.toString())).on('end', () => socket.end('bye'))));
    const client = await connectTcp(port, 1000, random());
    await client.writeByteByByte('hello', 5);
    client.halfClose();
    expect(await client.readUntil('bye')).toBe('bye');
    expect(await client.ended()).toBe('END');
    expect(chunks.join('')).toBe('hello');
    expect(chunks.length).toBeGreaterThan(1);
  });

  it('resets', async () => {
    const seen = new Promise((resolve) => {
      void listen(createServer((socket) => socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code)))).then(async (port) => (await connectTcp(port, 1000, random())).reset());
    });
    expect(await seen).toBe('ECONNRESET');
  });

  it('reads slowly, and loses nothing', async () => {
    const port = await listen(createServer((socket) => socket.end(Buffer.alloc(4000, 'x'))));
    const client = await connectTcp(port, 1000, random());
    client.readAtMost(20_000);
    const began = performance.now();
    await client.readUntil(/x{4000}/);
    expect(performance.now() - began).toBeGreaterThan(100);
    client.close();
  });

  it('reads nothing when told to', async () => {
    const port = await listen(createServer((socket) => socket.write('x')));
    const client = await connectTcp(port, 1000, random());
    client.readAtMost(0);
    await expect(client.readUntil('x', 150)).rejects.toMatchObject({ code: 'TIMEOUT' });
    client.close();
  });

  it('says what came instead', async () => {
    const port = await listen(createServer((socket) => socket.end('no')));
    const error = await (await connectTcp(port, 1000, random())).readUntil('yes', 1000).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ClientError);
    expect(error).toMatchObject({ code: 'END', message: 'the connection ended (END) without yes; what came is "no"' });
  });

  it('that is refused rejects', async () => {
    await expect(connectTcp(await closedPort(), 1000, random())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('a group of clients', () => {
  it('is settled when each is connected, in the order of their start', async () => {
    const port = await listen(createServer(() => undefined));
    const told: string[] = [];
    const group = connectClients({ port, count: 5, everyMs: 20, timeoutMs: 1000 }, ({ id }) => told.push(id));
    await group.settled;
    expect(told).toEqual(['c1', 'c2', 'c3', 'c4', 'c5']);
    expect(group.clients.every(({ startedNs, connectedNs, localPort, error }) => connectedNs! >= startedNs && localPort! > 0 && error === null)).toBe(true);
    const [first, , third] = group.clients;
    // 40 ms by plan; a timer's clock is as old as its turn of the loop, so it may ring a little early.
    expect(third!.startedNs - first!.startedNs).toBeGreaterThan(20e6);
    group.close();
  });

  it('tells of those that are refused', async () => {
    const group = connectClients({ port: await closedPort(), count: 2, everyMs: 0, timeoutMs: 1000 }, () => undefined);
    await group.settled;
    expect(group.clients.map(({ error, connectedNs }) => [error, connectedNs])).toEqual([['ECONNREFUSED', null], ['ECONNREFUSED', null]]);
  });

  it('that is closed is settled, also those whose turn had not come', async () => {
    const port = await listen(createServer(() => undefined));
    const group = connectClients({ port, count: 3, everyMs: 60_000, timeoutMs: 1000 }, () => undefined);
    group.close();
    await group.settled;
    expect(group.clients.map(({ error }) => error)).toEqual(['CLOSED', 'CLOSED', 'CLOSED']);
  });
});
