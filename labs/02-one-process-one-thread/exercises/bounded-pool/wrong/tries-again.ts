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

/** Workers that are idle, jobs that wait. */
class Pool {
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, Job>();
  readonly #line: Job[] = [];

  constructor() {
    for (let i = 0; i < WORKERS; i++) this.#add();
  }

  #add(): void {
    const worker = new Worker(new URL(import.meta.url));
    worker.on('message', (sum: number) => {
      this.#busy.get(worker)?.done(sum);
      this.#busy.delete(worker);
      this.#idle.push(worker);
      this.#next();
    });
    worker.on('error', () => {});
    worker.on('exit', () => {
      const job = this.#busy.get(worker);
      if (job) this.#line.unshift(job);
      this.#busy.delete(worker);
      const at = this.#idle.indexOf(worker);
      if (at >= 0) this.#idle.splice(at, 1);
      this.#add();
    });
    this.#idle.push(worker);
    this.#next();
  }

  #next(): void {
    while (this.#idle.length && this.#line.length) {
      const worker = this.#idle.pop()!;
      const job = this.#line.shift()!;
      this.#busy.set(worker, job);
      worker.postMessage(job.rounds);
    }
  }

  take(job: Job): boolean {
    if (!this.#idle.length && this.#line.length >= QUEUE) return false;
    this.#line.push(job);
    this.#next();
    return true;
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
