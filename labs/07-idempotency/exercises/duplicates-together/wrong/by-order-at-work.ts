import { createServer, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from 'backend-labs/sqlite';

// A server that takes payments, on SQLite. Each row in the table charges is money that a customer pays.
//
//   POST /charges   Idempotency-Key: K   {"order":"A-1","cents":1250}   201 and the charge
//   GET /charges                                                        200 and all charges
//
// A client that gets no answer sends the same request again, with the same key: maybe while the first is still at work.
const database = new DatabaseSync(process.env.DATABASE ?? 'charges.db');
database.exec('CREATE TABLE IF NOT EXISTS charges (id INTEGER PRIMARY KEY, order_id TEXT NOT NULL, cents INTEGER NOT NULL)');

interface Order {
  readonly order: string;
  readonly cents: number;
}

interface Reply {
  readonly status: number;
  readonly body: string;
}

/** Takes the money. */
function charge({ order, cents }: Order): Reply {
  const { lastInsertRowid } = database.prepare('INSERT INTO charges (order_id, cents) VALUES (?, ?)').run(order, cents);
  return { status: 201, body: JSON.stringify({ id: Number(lastInsertRowid), order, cents }) };
}

const reached = new Set<string>();

/**
 * Asks the bank, which takes a while. For the sake of the exercise it takes longer for an order that begins with "slow-", and is
 * out of reach the first time that it is asked about one that begins with "down-".
 */
async function askBank({ order }: Order): Promise<void> {
  await sleep(order.startsWith('slow-') ? 400 : 30);
  if (!order.startsWith('down-') || reached.has(order)) return;
  reached.add(order);
  throw new Error('The bank is out of reach.');
}

function allCharges(): Reply {
  return { status: 200, body: JSON.stringify(database.prepare('SELECT id, order_id AS "order", cents FROM charges').all()) };
}

const replies = new Map<string, Reply>();
const atWork = new Map<string, Promise<Reply>>();

async function pay(key: string, order: Order): Promise<Reply> {
  const earlier = replies.get(key);
  if (earlier) return earlier;
  const id = JSON.stringify(order);
  const running = atWork.get(id) ?? askBank(order).then(() => charge(order));
  atWork.set(id, running);
  try {
    const reply = await running;
    replies.set(key, reply);
    return reply;
  } finally {
    atWork.delete(id);
  }
}

async function answer(request: IncomingMessage): Promise<Reply> {
  if (request.method === 'GET') return allCharges();
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string') return { status: 400, body: JSON.stringify({ error: 'An Idempotency-Key is required.' }) };
  return pay(key, (await json(request)) as Order);
}

const server = createServer(async (request, response) => {
  const { status, body } = await answer(request).catch((error: unknown) => ({ status: 503, body: JSON.stringify({ error: String(error) }) }));
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
});

server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
