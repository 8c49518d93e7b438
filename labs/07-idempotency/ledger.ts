import { DatabaseSync } from 'backend-labs/sqlite';

/** What was written of an attempt, and when, in nanoseconds on the monotonic clock. */
export interface Entry {
  readonly id: number;
  readonly order: string;
  readonly attempt: number;
  readonly atNs: number;
}

/** The charges and the keys, in a file. What one call writes, it writes in one transaction. */
export class Ledger {
  readonly #database: DatabaseSync;

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec(`
      CREATE TABLE IF NOT EXISTS charges (id INTEGER PRIMARY KEY, order_id TEXT, attempt INTEGER, at_ns INTEGER);
      CREATE TABLE IF NOT EXISTS duplicates (id INTEGER PRIMARY KEY, order_id TEXT, attempt INTEGER, at_ns INTEGER);
      CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, reply TEXT NOT NULL)`);
  }

  /** The reply that was kept for a key. */
  replyTo(key: string): string | undefined {
    const row = this.#database.prepare('SELECT reply FROM replies WHERE key = ?').get(key);
    return row?.reply as string | undefined;
  }

  /** Makes a charge and, in the same transaction, keeps the reply for its key: both are there, or neither. */
  charge(order: string, attempt: number, kept: { readonly key: string; readonly reply: string } | undefined): void {
    this.#database.exec('BEGIN IMMEDIATE');
    this.#database.prepare('INSERT INTO charges (order_id, attempt, at_ns) VALUES (?, ?, ?)').run(order, attempt, nowNs());
    // OR REPLACE, so that a server which notes its keys too late does not find that out here.
    if (kept) this.#database.prepare('INSERT OR REPLACE INTO replies (key, reply) VALUES (?, ?)').run(kept.key, kept.reply);
    this.#database.exec('COMMIT');
  }

  /** Notes that an attempt was recognised: for the picture, nothing depends on it. */
  noteDuplicate(order: string, attempt: number): void {
    this.#database.prepare('INSERT INTO duplicates (order_id, attempt, at_ns) VALUES (?, ?, ?)').run(order, attempt, nowNs());
  }

  charges(): Entry[] {
    return this.#entries('charges');
  }

  duplicates(): Entry[] {
    return this.#entries('duplicates');
  }

  #entries(table: 'charges' | 'duplicates'): Entry[] {
    return this.#database
      .prepare(`SELECT id, order_id, attempt, at_ns FROM ${table} ORDER BY id`)
      .all()
      .map((row) => ({ id: Number(row.id), order: String(row.order_id), attempt: Number(row.attempt), atNs: Number(row.at_ns) }));
  }
}

function nowNs(): number {
  return Number(process.hrtime.bigint());
}
