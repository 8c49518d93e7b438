import { once } from 'node:events';
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

/** What all threads have in common: two views of memory that is there once. */
interface Shared {
  readonly numbers: Int32Array;
  /** One sum for each thread: no two write to the same place. Doubles, since a sum does not fit into 32 bits. */
  readonly sums: Float64Array;
}

if (isMainThread) serve();
else addUp(workerData as Shared & { readonly thread: number });

function serve(): void {
  // A shared buffer's length is in bytes.
  const numbers = new Int32Array(new SharedArrayBuffer(COUNT * Int32Array.BYTES_PER_ELEMENT));
  const sums = new Float64Array(new SharedArrayBuffer(THREADS * Float64Array.BYTES_PER_ELEMENT));
  for (let i = 0; i < COUNT; i++) numbers[i] = i % 5000;
  const workers = Array.from({ length: THREADS }, (_, thread) => new Worker(new URL(import.meta.url), { workerData: { numbers, sums, thread } }));

  const sum = async (): Promise<number> => {
    // The messages say only when: that a thread is done, and that its sum is in its place.
    await Promise.all(
      workers.map((worker) => {
        worker.postMessage('add up');
        return once(worker, 'message');
      }),
    );
    return sums.reduce((total, part) => total + part, 0);
  };

  let last: Promise<unknown> = Promise.resolve();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'PUT' && pathname === '/set') {
      numbers[Number(searchParams.get('at'))] = Number(searchParams.get('to'));
      response.end('set');
    } else {
      // One after another: each thread has one place for its sum.
      last = last.then(sum).then((total) => response.end(String(total)));
    }
  });
  server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
}

/** One thread: whenever it is told, adds up its quarter of the table as it is then. */
function addUp({ numbers, sums, thread }: Shared & { readonly thread: number }): void {
  const from = (COUNT / THREADS) * thread;
  // Nobody else is to change what is being added up.
  const own = numbers.slice();
  parentPort?.on('message', () => {
    let sum = 0;
    for (let i = from; i < from + COUNT / THREADS; i++) sum += own[i] ?? 0;
    sums[thread] = sum;
    parentPort?.postMessage('done');
  });
}
