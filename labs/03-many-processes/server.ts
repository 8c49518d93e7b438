import cluster, { type Worker } from 'node:cluster';
import { createServer } from 'node:http';
import { server } from 'backend-labs/kit';

/** Rounds of arithmetic between two looks at the clock. */
const ROUNDS = 20_000;

/**
 * A primary that only starts workers, hands them connections and replaces those that die. Each worker serves HTTP:
 * `/work?cpu=20&io=100` computes for 20 ms of processor time, waits for 100 ms, and answers with its pid.
 */
export default server((lab) => {
  const count = lab.values.workers ?? 2;
  const listening = new Set<Worker>();
  let replacedNs = 0;
  const all = new Promise<void>((resolve) => {
    cluster.on('listening', (worker) => {
      listening.add(worker);
      if (listening.size === count) resolve();
    });
  });
  cluster.on('exit', (worker) => {
    listening.delete(worker);
    cluster.fork({ PORT: lab.port }).once('listening', () => (replacedNs = Number(process.hrtime.bigint())));
  });
  for (let i = 0; i < count; i++) cluster.fork({ PORT: lab.port });
  lab.handle('ready', () => all);
  lab.handle('pids', () => [...listening].map((worker) => worker.process.pid));
  lab.handle('kill', () => {
    const [, victim] = listening;
    victim?.process.kill('SIGKILL');
    return victim?.process.pid ?? null;
  });
  // When the replacement listened, on the monotonic clock; 0 before.
  lab.handle('replaced', () => replacedNs);
});

if (cluster.isWorker) {
  const http = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
    compute(Number(searchParams.get('cpu') ?? 0));
    setTimeout(() => response.end(`worker ${process.pid}\n`), Number(searchParams.get('io') ?? 0));
  });
  http.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
}

/**
 * Uses so many milliseconds of processor time. By the clock on the wall, workers that share a core would all be done at
 * once, and any number of them would look as though each had a core of its own.
 */
function compute(cpuMs: number): void {
  const before = process.cpuUsage();
  for (let x = 1; ; ) {
    const { user, system } = process.cpuUsage(before);
    if (user + system >= cpuMs * 1000) return;
    for (let i = 0; i < ROUNDS; i++) x = (Math.imul(x, 1_664_525) + 1_013_904_223) | 0;
  }
}
