import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from 'backend-labs/sqlite';

// A server that takes payments, on SQLite. Each row in the table charges is money that a customer pays.
//
//   POST /charges   Idempotency-Key: K   {"order":"A-1","cents":1250}   201 and the charge
//                                        another body with the same K   422, and no charge
//   GET /charges                                                        200 and all charges
//
// A client that gets no answer sends the same request again, with the same key: maybe while the first is still at work, maybe
// after this process was killed and started again.
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

database.exec('CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL)');

const OTHER_BODY: Reply = { status: 422, body: JSON.stringify({ error: 'This key belongs to another request.' }) };

function keptReply(key: string): { fingerprint: string; reply: Reply } | undefined {
  const row = database.prepare('SELECT fingerprint, status, body FROM replies WHERE key = ?').get(key);
  return row && { fingerprint: String(row.fingerprint), reply: { status: Number(row.status), body: String(row.body) } };
}

/** Makes the charge and keeps its answer, in one transaction: after a crash both are there, or neither. */
function chargeAndKeep(key: string, fingerprint: string, order: Order): Reply {
  database.exec('BEGIN IMMEDIATE');
  try {
    const reply = charge(order);
    database.prepare('INSERT INTO replies (key, fingerprint, status, body) VALUES (?, ?, ?, ?)').run(key, fingerprint, reply.status, reply.body);
    database.exec('COMMIT');
    return reply;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/** What is worked at now. It may be forgotten in a crash: nothing of it is charged yet. */
const atWork = new Map<string, { fingerprint: string; reply: Promise<Reply> }>();

async function pay(key: string, body: string): Promise<Reply> {
  const fingerprint = String((JSON.parse(body) as Order).cents);
  const earlier = keptReply(key) ?? atWork.get(key);
  if (earlier) return earlier.fingerprint === fingerprint ? earlier.reply : OTHER_BODY;
  const order = JSON.parse(body) as Order;
  const reply = askBank(order).then(() => chargeAndKeep(key, fingerprint, order));
  atWork.set(key, { fingerprint, reply });
  return reply.finally(() => atWork.delete(key));
}

async function answer(request: IncomingMessage): Promise<Reply> {
  if (request.method === 'GET') return allCharges();
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string') return { status: 400, body: JSON.stringify({ error: 'An Idempotency-Key is required.' }) };
  return pay(key, await text(request));
}

const server = createServer(async (request, response) => {
  const { status, body } = await answer(request).catch((error: unknown) => ({ status: 503, body: JSON.stringify({ error: String(error) }) }));
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
});

server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
