import cluster, { type Worker } from 'node:cluster';
import { createServer, type Server } from 'node:http';
import { portOf, type Plan, type Running } from './plan.ts';
import { loopHandler, warmUp } from './work.ts';

/**
 * Processes that each run an event loop, made by `node:cluster`. How connections come to them is the whole difference:
 * - `primary`: the primary accepts and hands each connection to a worker in turn (SCHED_RR).
 * - `shared-listener`: all workers wait at one listening socket, and the kernel wakes them (SCHED_NONE).
 * - `reuseport`: each worker has a listening socket of its own at the same port, and the kernel hashes connections to them.
 */
export function workerProcesses(plan: Plan, ready: (running: Running) => void): void {
  cluster.schedulingPolicy = plan.pattern === 'primary' ? cluster.SCHED_RR : cluster.SCHED_NONE;
  const workers: Worker[] = [];
  let { port } = plan;
  const fork = (place: number): Promise<number> => {
    const worker = cluster.fork({ WORKER: JSON.stringify({ ...plan, port, place }) });
    workers[place] = worker;
    return new Promise((resolve) =>
      worker.once('message', ({ listening }: { listening: number }) => {
        // Who dies once it served is replaced.
        worker.once('exit', () => void fork(place));
        resolve(listening);
      }),
    );
  };
  const forkAll = async (): Promise<void> => {
    const first = await fork(0);
    // Sockets of one port of their own must name it; with cluster's, 0 is one port for all.
    if (plan.pattern === 'reuseport') port = first;
    await Promise.all(Array.from({ length: plan.workers - 1 }, (_, i) => fork(i + 1)));
    ready({ port: first, pids: () => [process.pid, ...workers.map((worker) => worker.process.pid ?? 0)] });
  };
  void forkAll();
}

/** What each of them does. */
export function beWorkerProcess(): void {
  const { pattern, port, place } = JSON.parse(process.env.WORKER ?? '{}') as Plan & { place: number };
  warmUp();
  const server: Server = createServer(loopHandler(place));
  const own = pattern === 'reuseport' ? { exclusive: true, reusePort: true } : {};
  server.listen({ host: '127.0.0.1', port, ...own }, () => process.send?.({ listening: portOf(server) }));
}
