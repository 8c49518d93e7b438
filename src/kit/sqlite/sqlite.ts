import { Database } from 'node-sqlite3-wasm';

/** What one column of one row holds. */
export type SqlValue = null | number | bigint | string | Uint8Array;

/** Values for the named parameters of a statement; the name may be with its `:`, `@` or `$`, or without. */
export type SqlNamed = Readonly<Record<string, SqlValue>>;

/** What a statement is run with: a value for each `?` in order, or one object for its named parameters. */
export type SqlValues = readonly SqlValue[] | readonly [SqlNamed];

/** One row: the name of each column → what it holds. */
export type SqlRow = Record<string, SqlValue>;

/**
 * An SQLite database in a file of its own, with the interface of DatabaseSync in `node:sqlite`, which not every Node has.
 * Everything is done when a call returns: a committed transaction is in the file, and outlives the process whatever ends it.
 * A transaction that was cut off is rolled back when the file is opened again. One process at a time may have a file open.
 */
export class DatabaseSync {
  readonly #database: Database;

  /** Opens the file, and makes it where there is none. Throws where that cannot be. */
  constructor(path: string) {
    this.#database = new Database(path);
  }

  /** True between BEGIN and COMMIT or ROLLBACK. */
  get isTransaction(): boolean {
    return this.#database.inTransaction;
  }

  /** Runs statements that give no rows, as `CREATE TABLE …`, `BEGIN`, `COMMIT`. Throws where one fails; those before it are done. */
  exec(sql: string): void {
    this.#database.exec(sql);
  }

  /** One statement, to be run with values in place of its `?`, or of its `:name`, `@name` and `$name`. Throws where it is no SQL or names a table that is not there. */
  prepare(sql: string): StatementSync {
    return new StatementSync(this.#database, sql);
  }

  /** Closes the file. A transaction that is still open is rolled back. */
  close(): void {
    this.#database.close();
  }
}

/** A statement of a database. Its methods throw where the database refuses (`UNIQUE constraint failed: …`); nothing of the statement is then done. */
export class StatementSync {
  readonly #database: Database;
  readonly #sql: string;

  /** @param database made by `DatabaseSync.prepare`, not by hand */
  constructor(database: unknown, sql: string) {
    this.#database = database as Database;
    this.#sql = sql;
    this.#database.prepare(sql).finalize();
  }

  /** Runs it. `changes`: how many rows it inserted, changed or deleted. */
  run(...values: SqlValues): { changes: number; lastInsertRowid: number | bigint } {
    // Not a prepared statement of the library, which after a refusal cannot be run again.
    return this.#database.run(this.#sql, this.#bound(values));
  }

  /** The first row, undefined where there is none. */
  get(...values: SqlValues): SqlRow | undefined {
    // All of them: a query that was not read to its end would go on holding the file's lock.
    return this.all(...values)[0];
  }

  /** Every row. */
  all(...values: SqlValues): SqlRow[] {
    return this.#database.all(this.#sql, this.#bound(values)) as SqlRow[];
  }

  /** As the library takes them: names with their prefix. A name without one gets that which the statement has it with. */
  #bound(values: SqlValues): SqlValue[] | SqlNamed {
    const [named] = values;
    if (values.length !== 1 || named === null || typeof named !== 'object' || named instanceof Uint8Array) return [...values] as SqlValue[];
    return Object.fromEntries(
      Object.entries(named).map(([name, value]) => {
        if (/^[:@$]/.test(name)) return [name, value];
        const prefix = [':', '@', '$'].find((each) => new RegExp(`\\${each}${name}(?!\\w)`).test(this.#sql));
        if (!prefix) throw new Error(`The statement has no parameter ${name}: ${this.#sql}`);
        return [prefix + name, value];
      }),
    );
  }
}
