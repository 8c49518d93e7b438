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


class Pool {
  #workers: Worker[] = Array.from({ length: WORKERS }, () => this.#make());
  #free: number[] = [0, 1];
  #inside = 0;
  #line: Job[] = [];
  #make(): Worker { const w = new Worker(new URL(import.meta.url)); w.on('error', () => {}); return w; }
  take(job: Job): boolean {
    if (this.#inside >= WORKERS + QUEUE) return false;
    this.#inside++;
    this.#line.push(job);
    this.#go();
    return true;
  }
  #go(): void {
    if (!this.#free.length || !this.#line.length) return;
    const at = this.#free.pop()!;
    const job = this.#line.shift()!;
    const worker = this.#workers[at]!;
    const dead = (): void => {
      job.done(null);
      this.#workers[at] = this.#make();
      this.#free.push(at);
      this.#go();
    };
    worker.once('exit', dead);
    worker.once('message', (sum: number) => {
      worker.off('exit', dead);
      this.#inside--;
      job.done(sum);
      this.#free.push(at);
      this.#go();
    });
    worker.postMessage(job.rounds);
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
