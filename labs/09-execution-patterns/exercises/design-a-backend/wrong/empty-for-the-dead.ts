import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

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


interface Job { text: string; done(answer: string): void }

class Pool {
  #line: Job[] = [];
  constructor(size: number) { for (let i = 0; i < size; i++) this.#start(); }
  #idle = new Set<{ give(job: Job): void }>();

  run(text: string): Promise<string> {
    return new Promise((done) => this.#put({ text, done }, false));
  }
  #put(job: Job, first: boolean) {
    const [idle] = this.#idle;
    if (idle) idle.give(job);
    else if (first) this.#line.unshift(job);
    else this.#line.push(job);
  }
  #start(): void {
    const worker = new Worker(new URL(import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 16 } });
    let job: Job | undefined;
    const self = { give: (next: Job) => { this.#idle.delete(self); job = next; worker.postMessage(next.text); } };
    const ready = () => { const next = this.#line.shift(); if (next) self.give(next); else this.#idle.add(self); };
    worker.on('message', (answer: string) => { const { done } = job!; job = undefined; ready(); done(answer); });
    worker.on('error', (e) => console.error(e.message));
    worker.on('exit', () => { this.#idle.delete(self); this.#start(); if (job) job.done(''); });
    ready();
  }
}

if (isMainThread) {
  const pool = new Pool(2);
  const heavy = async (text: string, response: ServerResponse) => { response.end(await pool.run(text)); };

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (pathname === '/quick') void quick(response);
    else if (pathname === '/heavy') void heavy(searchParams.get('text') ?? '', response);
    else response.writeHead(404).end();
  });
  server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
} else parentPort!.on('message', (text: string) => parentPort!.postMessage(fingerprint(text)));
