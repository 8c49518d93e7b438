import { createServer, type ServerResponse } from 'node:http';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { portOf, thisProgram, type Plan, type Running } from './plan.ts';
import { answer, readWork, warmUp, workBlocking, type Done, type Work } from './work.ts';

interface Job {
  readonly work: Work;
  readonly response: ServerResponse;
}

/**
 * One process: its main thread accepts and puts requests into one queue; worker threads take them, the one that has been idle longest first, and
 * keep each until it is done, I/O included. As Apache's worker MPM, and SQL Server's schedulers.
 */
export function threadPool({ port, workers: count }: Plan, ready: (running: Running) => void): void {
  const queue: Job[] = [];
  const idle: Worker[] = [];
  const next = (): void => {
    for (;;) {
      const worker = queue.length > 0 ? idle.shift() : undefined;
      const job = worker && queue.shift();
      if (!job) return;
      worker.postMessage(job.work);
      worker.once('message', (done: Done) => {
        answer(job.response, done);
        idle.push(worker);
        next();
      });
    }
  };
  const start = (place: number): Promise<void> => {
    const worker = new Worker(thisProgram, { workerData: { place } });
    return new Promise((resolve) =>
      worker.once('message', () => {
        idle.push(worker);
        resolve();
      }),
    );
  };
  const server = createServer((request, response) => {
    queue.push({ work: readWork(request.url), response });
    next();
  });
  void Promise.all(Array.from({ length: count }, (_, place) => start(place))).then(() =>
    server.listen({ host: '127.0.0.1', port }, () => ready({ port: portOf(server), pids: () => [process.pid] })),
  );
}

/** What each thread does. */
export function beThread(): void {
  const { place } = workerData as { readonly place: number };
  warmUp();
  parentPort?.on('message', (work: Work) => parentPort?.postMessage(workBlocking(place, work)));
  parentPort?.postMessage('ready');
}
