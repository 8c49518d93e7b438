import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AcceptQueueReader } from '../runtime/acceptQueue.ts';
import { connectClients } from '../runtime/connectClients.ts';
import { askHttp } from './httpClient.ts';

const ROUNDS = 3;

/** Runs the code of the kit's own clients against a server of our own, so that the first measurement does not pay for compiling it. */
export async function warmUp(): Promise<void> {
  const server = createServer((_request, response) => response.end());
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const { port } = server.address() as AddressInfo;
  const reader = new AcceptQueueReader(port);
  for (let round = 0; round < ROUNDS; round++) {
    const group = connectClients({ port, count: 2, everyMs: 0, timeoutMs: 1000 }, () => undefined);
    await Promise.all([group.settled, askHttp(port, {})]);
    reader.read();
    group.close();
  }
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
