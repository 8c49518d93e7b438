import { fork, type ChildProcess } from 'node:child_process';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { portOf, thisProgram, type Plan, type Running } from './plan.ts';
import { answer, readWork, workBlocking } from './work.ts';

/** As PostgreSQL's max_connections, but that who is beyond it waits: a machine that is too slow is not to run out of memory too. */
const MOST_CHILDREN = 8;

/**
 * The parent accepts and forks, and hands the open socket to the child, which serves it and ends. It is what PostgreSQL does, but that
 * a child of PostgreSQL's is a copy of its parent (fork(2), about a millisecond), and one of Node's starts from nothing.
 */
export function processPerConnection({ port }: Plan, ready: (running: Running) => void): void {
  const serving = new Set<ChildProcess>();
  /** They have answered, and take some time to end: a crash of theirs would be nobody's loss. */
  const ending = new Set<ChildProcess>();
  const waiting: Socket[] = [];
  let made = 0;
  const serve = (socket: Socket): void => {
    const child = fork(thisProgram, [JSON.stringify({ role: 'connection', place: made++ })]);
    serving.add(child);
    child.once('disconnect', () => serving.delete(child) && ending.add(child));
    child.once('exit', () => {
      serving.delete(child);
      ending.delete(child);
      socket.destroy();
      const next = waiting.shift();
      if (next) serve(next);
    });
    // The message waits in the channel until the child is there to read it; if it dies before, the parent can still close the connection.
    child.send('socket', socket, { keepOpen: true });
  };
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    if (serving.size + ending.size < MOST_CHILDREN) serve(socket);
    else waiting.push(socket);
  });
  // Those that serve come first, the youngest before the others: who crashes first, here as in the simulation.
  server.listen({ host: '127.0.0.1', port }, () => ready({ port: portOf(server), pids: () => [process.pid, ...[...[...serving].reverse(), ...ending].map(({ pid }) => pid ?? 0)] }));
}

/** What each child does: it serves the one connection that it is sent. */
export function beConnectionProcess(place: number): void {
  const http = createHttpServer((request, response) => {
    response.once('finish', () => process.disconnect());
    response.once('close', () => process.exit(0));
    answer(response, workBlocking(place, readWork(request.url)));
  });
  process.once('message', (_message, socket) => {
    http.emit('connection', socket as Socket);
    (socket as Socket).resume();
  });
}
