import { createServer, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { DatabaseSync } from 'backend-labs/sqlite';

// A server that takes payments, on SQLite. Each row in the table charges is money that a customer pays.
//
//   POST /charges   Idempotency-Key: K   {"order":"A-1","cents":1250}   201 and the charge
//   GET /charges                                                        200 and all charges
//
// A client that gets no answer sends the same request again, with the same key.
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

function allCharges(): Reply {
  return { status: 200, body: JSON.stringify(database.prepare('SELECT id, order_id AS "order", cents FROM charges').all()) };
}

const seen = new Map<string, Reply>();
function pay(key: string, order: Order): Reply {
  const first = seen.get(key);
  if (first) return first;
  const reply = charge(order);
  seen.set(key, reply);
  if (seen.size > 100) seen.delete(seen.keys().next().value!);
  return reply;
}

async function answer(request: IncomingMessage): Promise<Reply> {
  if (request.method === 'GET') return allCharges();
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string') return { status: 400, body: JSON.stringify({ error: 'An Idempotency-Key is required.' }) };
  return pay(key, (await json(request)) as Order);
}

const server = createServer(async (request, response) => {
  const { status, body } = await answer(request);
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
});

server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
