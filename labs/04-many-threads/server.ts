import { createServer } from 'node:http';
import { Worker } from 'node:worker_threads';
import { server } from 'backend-labs/kit';

const THREADS = 2;
const ADDS = 1_000_000;

/** What each thread runs: plain or atomic additions to the memory that it shares with the other. */
const ADDER = `
  const { workerData, parentPort } = require('node:worker_threads');
  const x = new Int32Array(workerData.memory);
  for (let i = 0; i < workerData.adds; i++) {
    if (workerData.atomic) Atomics.add(x, 0, 1);
    else x[0] += 1;
  }
  parentPort.postMessage('done');
`;

/** `GET /plain` and `GET /atomic` let two threads add a million times each to one number, and answer with what it came to. */
export default server((lab) => {
  const http = createServer((request, response) => {
    const atomic = request.url === '/atomic';
    if (!atomic && request.url !== '/plain') {
      response.end('Ask for /plain or /atomic: two threads then add 1,000,000 times each to one number.\n');
      return;
    }
    void add(atomic).then((x) => response.end(`x = ${x} of ${THREADS * ADDS}; ${THREADS * ADDS - x} updates lost\n`));
  });
  lab.recordAccepts(http);
  http.listen({ host: '127.0.0.1', port: lab.port });
});

async function add(atomic: boolean): Promise<number> {
  const memory = new SharedArrayBuffer(4);
  const workers = Array.from({ length: THREADS }, () => new Worker(ADDER, { eval: true, workerData: { memory, adds: ADDS, atomic } }));
  await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve))));
  return new Int32Array(memory)[0] ?? 0;
}
