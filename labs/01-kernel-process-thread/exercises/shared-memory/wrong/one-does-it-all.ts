import { createServer } from 'node:http';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

// A table of eight million numbers, 32 MiB, and four threads that each add up a quarter of it.
//
//   GET /sum             answers the sum of all numbers
//   PUT /set?at=3&to=7   puts 7 in place 3; every later sum is of the table as it then is
//   there is one table in memory, whatever threads there are
//   the threads do the adding; the server's own loop stays free
const COUNT = 8 * 1024 * 1024;
const THREADS = 4;

if (isMainThread) serve();
else addUp(workerData as { numbers: Int32Array; thread: number });

function serve(): void {
  // ▼ Your work starts here: what do the threads get when this table is handed to them?
  const numbers = new Int32Array(new SharedArrayBuffer(COUNT * 4));
  for (let i = 0; i < COUNT; i++) numbers[i] = i % 5000;
  const workers = Array.from({ length: THREADS }, (_, thread) => new Worker(new URL(import.meta.url), { workerData: { numbers, thread } }));

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'PUT' && pathname === '/set') {
      numbers[Number(searchParams.get('at'))] = Number(searchParams.get('to'));
      response.end('set');
    } else {
      void Promise.all(workers.map(ask)).then((sums) => response.end(String(sums.reduce((total, part) => total + part, 0))));
    }
  });
  server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
}

/** Resolves to a thread's sum. */
function ask(worker: Worker): Promise<number> {
  return new Promise((resolve) => {
    worker.once('message', (sum) => resolve(sum as number));
    worker.postMessage('sum');
  });
}

/** One thread: adds up its quarter of the table whenever it is asked. */
function addUp({ numbers, thread }: { numbers: Int32Array; thread: number }): void {
  const from = (COUNT / THREADS) * thread;
  parentPort?.on('message', () => {
    let sum = 0;
    if (thread === 0) for (let i = 0; i < COUNT; i++) sum += numbers[i] ?? 0;
    parentPort?.postMessage(sum);
  });
}
