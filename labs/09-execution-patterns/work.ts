import type { IncomingMessage, ServerResponse } from 'node:http';
import { busyLoop } from 'backend-labs/kit';

/** What a request asks for: iterations of computing, milliseconds of I/O, iterations of computing after it. */
export interface Work {
  readonly iterations: number;
  readonly ioMs: number;
  readonly after: number;
}

/** What a worker did for a request, at its own times: nanoseconds on the monotonic clock. */
export interface Done {
  readonly worker: number;
  readonly startNs: number;
  /** The computing is over and the I/O begins. */
  readonly ioNs: number;
  /** The worker comes back to it. */
  readonly resumeNs: number;
}

/** The answer to a request. */
export interface Answer extends Done {
  /** CPU time that the answering process has used in all. */
  readonly cpuMs: number;
}

/** As in a URL: `/?iterations=1000000&io=20&after=1000`. */
export function readWork(url: string | undefined): Work {
  const { searchParams } = new URL(url ?? '/', 'http://127.0.0.1');
  const number = (name: string): number => Math.max(0, Number(searchParams.get(name) ?? 0)) || 0;
  return { iterations: number('iterations'), ioMs: number('io'), after: number('after') };
}

/** Works as a thread does that blocks: while it waits for I/O, it does nothing else. */
export function workBlocking(worker: number, { iterations, ioMs, after }: Work): Done {
  const startNs = nowNs();
  busyLoop(iterations);
  const ioNs = nowNs();
  if (ioMs > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ioMs);
  const resumeNs = nowNs();
  busyLoop(after);
  return { worker, startNs, ioNs, resumeNs };
}

/** Works as an event loop does: while one request waits for I/O, others are served. */
export async function workInLoop(worker: number, { iterations, ioMs, after }: Work): Promise<Done> {
  const startNs = nowNs();
  busyLoop(iterations);
  const ioNs = nowNs();
  if (ioMs > 0) await new Promise((resolve) => setTimeout(resolve, ioMs));
  const resumeNs = nowNs();
  busyLoop(after);
  return { worker, startNs, ioNs, resumeNs };
}

/** Answers with what was done. */
export function answer(response: ServerResponse, done: Done): void {
  response.setHeader('connection', 'close');
  response.setHeader('content-type', 'application/json');
  const { user, system } = process.cpuUsage();
  response.end(`${JSON.stringify({ ...done, cpuMs: (user + system) / 1000 } satisfies Answer)}\n`);
}

/** The handler of an HTTP server that runs an event loop. */
export function loopHandler(worker: number): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => void workInLoop(worker, readWork(request.url)).then((done) => answer(response, done));
}

export function nowNs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e9 + nanoseconds;
}

/** Lets the engine compile the loop, so that the first request does not pay for it. */
export function warmUp(): void {
  busyLoop(5_000_000);
}
