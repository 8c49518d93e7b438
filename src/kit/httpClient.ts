import { Agent, request } from 'node:http';
import { after } from '../runtime/patience.ts';
import type { HttpFault } from './faults.ts';

/** What came of one HTTP request. Exactly one of `status` and `error` is null. */
export interface HttpAnswer {
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** `ECONNREFUSED`, `ECONNRESET`, `TIMEOUT`, …; `LOST` where that was the plan's fault. */
  readonly error: string | null;
  /** When it was asked, by performance.now(). */
  readonly startedMs: number;
  /** Milliseconds until connect() succeeded; null where it did not. */
  readonly connectMs: number | null;
  /** Milliseconds from connect() to the last byte, or to the error. */
  readonly totalMs: number;
  /** What the other copy of a duplicated request came to. */
  readonly copy?: HttpAnswer;
}

export interface HttpPlan {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** 5000 unless given. */
  readonly timeoutMs?: number;
  /** What goes wrong on the way. */
  readonly fault?: HttpFault | undefined;
}

/** One request to 127.0.0.1 on a connection of its own, with the plan's fault. Never rejects: what went wrong is the answer's `error`. */
export async function askHttp(port: number, plan: HttpPlan): Promise<HttpAnswer> {
  switch (plan.fault) {
    case undefined:
    case 'lost-reply':
      return askOnce(port, plan);
    case 'lost-request':
      return { status: null, headers: {}, body: '', error: 'LOST', startedMs: performance.now(), connectMs: null, totalMs: 0 };
    case 'duplicated': {
      const answer = await askOnce(port, plan);
      return { ...answer, copy: await askOnce(port, plan) };
    }
    case 'duplicated-at-once': {
      const [answer, copy] = await Promise.all([askOnce(port, plan), askOnce(port, plan)]);
      return { ...answer, copy };
    }
  }
}

function askOnce(port: number, { method, path = '/', headers = {}, body, timeoutMs = 5000, fault }: HttpPlan): Promise<HttpAnswer> {
  const agent = new Agent({ keepAlive: false });
  const began = performance.now();
  const passed = (): number => performance.now() - began;
  let connectMs: number | null = null;
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, method: method ?? (body === undefined ? 'GET' : 'POST'), path, headers, agent });
    const end = (answer: Partial<HttpAnswer>): void => {
      stopWaiting();
      agent.destroy();
      resolve({ status: null, headers: {}, body: '', error: null, startedMs: began, connectMs, totalMs: passed(), ...answer });
    };
    const fail = (error: NodeJS.ErrnoException): void => end({ error: error.code ?? error.message });
    const stopWaiting = after(timeoutMs, () => {
      end({ error: 'TIMEOUT' });
      asked.destroy();
    });
    asked.on('socket', (socket) => socket.once('connect', () => (connectMs = passed())));
    asked.on('error', fail);
    asked.on('response', (response) => {
      if (fault === 'lost-reply') {
        // The server has answered; of that nothing arrives.
        asked.destroy();
        end({ error: 'LOST' });
        return;
      }
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', fail);
      response.on('end', () => end({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }));
    });
    asked.end(body);
  });
}
