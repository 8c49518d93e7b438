import { createServer } from 'node:http';
import { portOf, type Plan, type Running } from './plan.ts';
import { loopHandler } from './work.ts';

/** One process, one thread: its event loop accepts, computes and answers. Node.js as it comes. */
export function oneThread({ port }: Plan, ready: (running: Running) => void): void {
  const server = createServer(loopHandler(0));
  server.listen({ host: '127.0.0.1', port }, () => ready({ port: portOf(server), pids: () => [process.pid] }));
}
