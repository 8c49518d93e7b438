import cluster from 'node:cluster';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// A primary with three workers that serve on one port.
//
//   GET  /        200 and the pid of the worker that answers
//   GET  /slow    the same, after 300 ms
//   POST /crash   the worker that answers throws what nobody catches, and ends with exit code 1
//   POST /quit    the worker that answers ends with exit code 0
//   POST /break   from now on a worker that starts crashes before it listens, as after a bad deployment
//   POST /mend    from now on it starts again
const WORKERS = 3;
const FIRST_WAIT_MS = 25;
const LONGEST_WAIT_MS = 200;
const BROKEN = join(tmpdir(), 'broken');

/** What one worker does. */
function serve(): void {
  if (existsSync(BROKEN)) throw new Error('this version cannot start');
  const server = createServer((request, response) => {
    const answer = (): void => void response.end(String(process.pid));
    if (request.url === '/break') writeFileSync(BROKEN, '');
    if (request.url === '/mend') rmSync(BROKEN, { force: true });
    if (request.url === '/crash') throw new Error('a bug that nobody catches');
    if (request.url === '/quit') process.exit(0);
    if (request.url === '/slow') setTimeout(answer, 300);
    else answer();
  });
  server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
}

/** Starts the workers and sees to it that there are always as many. */
function supervise(): void {
  let deaths = 0;
  cluster.on('exit', () => {
    if (deaths === 0) cluster.fork();
    else setTimeout(() => cluster.fork(), Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (deaths - 1)));
    deaths++;
  });

  for (let i = 0; i < WORKERS; i++) cluster.fork();
}

if (cluster.isPrimary) supervise();
else serve();
