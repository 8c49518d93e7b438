import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { server } from 'backend-labs/kit';
import { Ledger } from './ledger.ts';

/**
 * A server that takes payments: `POST /charges` makes a charge, `GET /charges` lists them. What it does with an Idempotency-Key
 * is what the sliders say; the charges themselves are always in an SQLite file, which outlives the process.
 */
export default server((lab) => {
  const usesKeys = lab.values.key === 1;
  const notedWithReply = lab.values.recorded === 1;
  const keepsInMemory = lab.values.store === 1;
  const serviceMs = lab.values.service ?? 20;

  const ledger = new Ledger('payments.db');
  const remembered = new Map<string, string>();
  const atWork = new Map<string, Promise<string>>();
  const replies: { order: string; attempt: number; atNs: number }[] = [];
  let working = 0;
  let killBeforeReply = false;

  async function charge(order: string, attempt: number, key: string | undefined): Promise<string> {
    // Whoever decides to take the money: a bank, a card network.
    await sleep(serviceMs);
    const reply = JSON.stringify({ order, charged: true });
    ledger.charge(order, attempt, key === undefined || keepsInMemory ? undefined : { key, reply });
    if (key !== undefined && keepsInMemory) remembered.set(key, reply);
    return reply;
  }

  /** The reply to an attempt, and whether it is that of an earlier one. */
  async function pay(order: string, attempt: number, key: string | undefined): Promise<string> {
    const earlier = key === undefined ? undefined : (keepsInMemory ? remembered.get(key) : ledger.replyTo(key)) ?? (notedWithReply ? undefined : atWork.get(key));
    if (earlier !== undefined) {
      ledger.noteDuplicate(order, attempt);
      return earlier;
    }
    const reply = charge(order, attempt, key);
    if (key !== undefined) atWork.set(key, reply);
    return reply.finally(() => key !== undefined && atWork.delete(key));
  }

  async function answerCharge(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { order } = JSON.parse(await textOf(request)) as { order: string };
    const key = usesKeys ? request.headers['idempotency-key'] : undefined;
    const attempt = Number(request.headers['x-attempt'] ?? 1);
    working++;
    const reply = await pay(order, attempt, typeof key === 'string' ? key : undefined).finally(() => working--);
    // The charge is committed, and nobody has been told.
    if (killBeforeReply) process.kill(process.pid, 'SIGKILL');
    response.writeHead(201, { 'content-type': 'application/json' }).end(`${reply}\n`);
    replies.push({ order, attempt, atNs: Number(process.hrtime.bigint()) });
  }

  const http = createServer((request, response) => {
    if (request.method === 'POST' && request.url === '/charges') {
      answerCharge(request, response).catch((error: unknown) => response.writeHead(400).end(`${String(error)}\n`));
      return;
    }
    const charges = ledger.charges().map(({ id, order, attempt }) => ({ id, order, attempt }));
    response.writeHead(200, { 'content-type': 'application/json' }).end(`${JSON.stringify(charges)}\n`);
  });
  http.listen({ host: '127.0.0.1', port: lab.port });

  lab.handle('kill-before-reply', () => void (killBeforeReply = true));
  lab.handle('told-of', async (params) => {
    const { order } = params as { order: string };
    while (working > 0) await sleep(1);
    const of = <T extends { order: string }>(rows: readonly T[]): T[] => rows.filter((row) => row.order === order);
    return { charges: of(ledger.charges()), duplicates: of(ledger.duplicates()), replies: of(replies) };
  });
});

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
