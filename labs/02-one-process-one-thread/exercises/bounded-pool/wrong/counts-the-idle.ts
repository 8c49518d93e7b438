import { createServer } from 'node:http';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

// A server of reports, each of which is computed in another thread. A thread costs memory and a share of the processors, so there
// are WORKERS of them and no more. QUEUE more reports may wait; who comes then hears so at once, and can try again later.
//
//   /report?rounds=N   200 and the checksum of N rounds
//   beyond WORKERS that are computed and QUEUE that wait: 503 with a Retry-After header, at once
//   every request gets an answer, and its own one; one whose worker dies gets 500, and another worker takes the dead one's place
const WORKERS = 2;
const QUEUE = 4;

/** Each round needs the one before it, so there is no shorter way. */
function checksum(rounds: number): number {
  let x = 1;
  for (let i = 0; i < rounds; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
  }
  return x >>> 0;
}

/** A report that somebody waits for. `done` is given its checksum, or null where it is lost. */
interface Job {
  readonly rounds: number;
  readonly done: (sum: number | null) => void;
}

/** WORKERS threads that are used again and again, and a line of at most QUEUE jobs before them. */
class Pool {
  readonly #idle: Worker[] = [];
  readonly #running = new Map<Worker, Job>();
  readonly #waiting: Job[] = [];
  #inside = 0;

  constructor() {
    for (let i = 0; i < WORKERS; i++) this.#hire();
  }

  /** Takes a job; false where there is no room for it. */
  take(job: Job): boolean {
    if (this.#inside >= WORKERS + QUEUE) return false;
    this.#inside++;
    this.#waiting.push(job);
    this.#assign();
    return true;
  }

  #hire(): void {
    const worker = new Worker(new URL(import.meta.url));
    worker.on('message', (sum: number) => {
      this.#finish(worker, sum);
      this.#inside--;
      this.#idle.push(worker);
      this.#assign();
    });
    // Without a listener, what a worker throws would end the server; its end is told by 'exit' as well.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      const at = this.#idle.indexOf(worker);
      if (at >= 0) this.#idle.splice(at, 1);
      this.#finish(worker, null);
      this.#inside--;
      this.#hire();
      this.#assign();
    });
    this.#idle.push(worker);
  }

  #finish(worker: Worker, sum: number | null): void {
    this.#running.get(worker)?.done(sum);
    this.#running.delete(worker);
  }

  #assign(): void {
    while (this.#idle.length > 0 && this.#waiting.length > 0) {
      const worker = this.#idle.shift() as Worker;
      const job = this.#waiting.shift() as Job;
      this.#running.set(worker, job);
      worker.postMessage(job.rounds);
    }
  }
}

/** Answers requests; what computes is elsewhere. */
function serve(): void {
  const pool = new Pool();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const rounds = Number(url.searchParams.get('rounds'));
    const done = (sum: number | null): void => {
      if (sum === null) response.writeHead(500).end('the report is lost');
      else response.end(`checksum ${sum}`);
    };
    if (!pool.take({ rounds, done })) response.writeHead(503, { 'Retry-After': '1' }).end('busy');
  });
  server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
}

// This file runs in every worker too, which computes what it is sent.
if (isMainThread) serve();
else parentPort?.on('message', (rounds: number) => parentPort?.postMessage(checksum(rounds)));
