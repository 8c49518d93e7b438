import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

const port = Number(process.env.PORT);
/** Fixed, so that memory is; more than there are cores would compute no faster. */
const WORKERS = 2;

/** Stands for what costs processor time (an image, a password, a report): some 55 ms of it. */
function fingerprint(text: string): string {
  let x = [...text].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 7);
  for (let i = 0; i < 50_000_000; i++) x = (Math.imul(x, 1_664_525) + 1_013_904_223) | 0;
  return (x >>> 0).toString(16);
}

/** Stands for what waits for others (a database): 20 ms in which no processor is needed. */
async function quick(response: ServerResponse): Promise<void> {
  await sleep(20);
  response.end('quick');
}

interface Job {
  readonly text: string;
  readonly done: (result: string) => void;
}

/** One queue for all workers, and for each what it has in hand: who dies leaves that behind, and it is done by another. */
class Pool {
  readonly #queue: Job[] = [];
  readonly #idle: Worker[] = [];
  readonly #inHand = new Map<Worker, Job>();

  constructor(count: number) {
    for (let i = 0; i < count; i++) this.#start();
  }

  compute(text: string): Promise<string> {
    return new Promise((done) => {
      this.#queue.push({ text, done });
      this.#next();
    });
  }

  #start(): void {
    const worker = new Worker(new URL(import.meta.url));
    worker.on('message', (result: string) => {
      this.#inHand.get(worker)?.done(result);
      this.#inHand.delete(worker);
      this.#idle.push(worker);
      this.#next();
    });
    worker.on('error', (error) => console.error(error.message));
    worker.on('exit', () => this.#replace(worker));
    this.#idle.push(worker);
    this.#next();
  }

  #replace(dead: Worker): void {
    const job = this.#inHand.get(dead);
    this.#inHand.delete(dead);
    // It computes and changes nothing, so doing it again does no harm.
    if (job) this.#queue.unshift(job);
    this.#start();
  }

  #next(): void {
    while (this.#queue.length > 0 && this.#idle.length > 0) {
      const worker = this.#idle.shift() as Worker;
      const job = this.#queue.shift() as Job;
      this.#inHand.set(worker, job);
      worker.postMessage(job.text);
    }
  }
}

function serve(): void {
  const pool = new Pool(WORKERS);
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (pathname === '/quick') void quick(response);
    else if (pathname === '/heavy') void pool.compute(searchParams.get('text') ?? '').then((result) => response.end(result));
    else response.writeHead(404).end();
  });
  server.listen({ host: '127.0.0.1', port });
}

if (isMainThread) serve();
else parentPort?.on('message', (text: string) => parentPort?.postMessage(fingerprint(text)));
