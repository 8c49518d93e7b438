import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type * as Sqlite from '../../../src/kit/sqlite/sqlite.ts';

const bundle = fileURLToPath(new URL('../../../dist/sqlite.cjs', import.meta.url));
// What ships: the locks are put in place when it is built.
const { DatabaseSync } = createRequire(import.meta.url)(bundle) as typeof Sqlite;

let folder = '';
const file = (): string => join(folder, 'a.db');
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlite-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the database', () => {
  it('keeps what was committed in its file, and nothing else', () => {
    const first = new DatabaseSync(file());
    first.exec('CREATE TABLE charges (id INTEGER PRIMARY KEY, note TEXT, cents INTEGER, raw BLOB) STRICT');
    const insert = first.prepare('INSERT INTO charges (note, cents, raw) VALUES (?, ?, ?)');
    expect(insert.run('tea', 2 ** 40, new Uint8Array([1, 2]))).toEqual({ changes: 1, lastInsertRowid: 1 });
    first.exec('BEGIN');
    insert.run(null, 5n, null);
    expect(first.isTransaction).toBe(true);
    first.close();
    const second = new DatabaseSync(file());
    expect(second.prepare('SELECT * FROM charges').all()).toEqual([{ id: 1, note: 'tea', cents: 2 ** 40, raw: new Uint8Array([1, 2]) }]);
    expect(second.prepare('SELECT * FROM charges WHERE id = ?').get(2)).toBeUndefined();
    second.close();
  });

  it('can run a statement again after it refused it', () => {
    const database = new DatabaseSync(file());
    database.exec('CREATE TABLE keys (name TEXT PRIMARY KEY)');
    const insert = database.prepare('INSERT INTO keys VALUES (?)');
    insert.run('a');
    expect(() => insert.run('a')).toThrow(/UNIQUE constraint failed: keys\.name/);
    expect(() => insert.run('a')).toThrow(/UNIQUE constraint failed/);
    expect(insert.run('b').changes).toBe(1);
    database.close();
  });

  it('takes named values, with their prefix or without', () => {
    const database = new DatabaseSync(file());
    database.exec('CREATE TABLE keys (key TEXT PRIMARY KEY, keyed INTEGER)');
    const insert = database.prepare('INSERT INTO keys VALUES ($key, :keyed)');
    insert.run({ key: 'a', keyed: 1 });
    insert.run({ $key: 'b', ':keyed': 2 });
    expect(database.prepare('SELECT * FROM keys WHERE key = @key').get({ key: 'b' })).toEqual({ key: 'b', keyed: 2 });
    expect(database.prepare('SELECT * FROM keys WHERE keyed = :keyed').all({ ':keyed': 1 })).toEqual([{ key: 'a', keyed: 1 }]);
    expect(() => insert.run({ key: 'c', kept: 1 })).toThrow(/no parameter kept/);
    database.close();
  });

  it('refuses what is no SQL when it is prepared', () => {
    const database = new DatabaseSync(file());
    expect(() => database.prepare('SELECT * FROM nowhere')).toThrow(/no such table: nowhere/);
    database.close();
  });

  it('lets only one connection of a process write at a time', () => {
    const [one, other] = [new DatabaseSync(file()), new DatabaseSync(file())];
    one.exec('CREATE TABLE a (b)');
    one.exec('BEGIN IMMEDIATE');
    expect(() => other.exec('BEGIN IMMEDIATE')).toThrow(/locked/);
    one.exec('COMMIT');
    other.exec('BEGIN IMMEDIATE');
    other.exec('ROLLBACK');
    for (const each of [one, other]) each.close();
  });

  it('has all of a transaction or nothing, and all that was told as committed, wherever SIGKILL comes', async () => {
    let left = 0;
    let told = 0;
    for (let kill = 0; kill < 12; kill++) {
      told = await transferUntilKilled(5 + ((kill * 17) % 40), told);
      if (readdirSync(folder).some((name) => name.endsWith('-journal'))) left++;
      const database = new DatabaseSync(file());
      const { sum, done } = database.prepare('SELECT sum(amount) AS sum, max(amount) - 100 AS done FROM accounts').get() ?? {};
      expect(sum).toBe(4000);
      expect(done).toBeGreaterThanOrEqual(told);
      expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
      database.close();
    }
    // Else no kill came in the middle of anything, and nothing was shown.
    expect(left).toBeGreaterThan(0);
    expect(told).toBeGreaterThan(0);
  }, 60_000);
});

/** Moves 1 from every second account to the one before it, in one transaction each time, with a cache so small that pages are written before the commit. */
const TRANSFERS = `
  const { DatabaseSync } = require(process.argv[1]);
  const database = new DatabaseSync(process.argv[2]);
  database.exec('PRAGMA cache_size = 2; CREATE TABLE IF NOT EXISTS accounts (id INTEGER PRIMARY KEY, amount INTEGER, pad TEXT)');
  if (database.prepare('SELECT count(*) AS n FROM accounts').get().n === 0) {
    database.exec('BEGIN');
    for (let i = 0; i < 40; i++) database.prepare('INSERT INTO accounts (amount, pad) VALUES (100, ?)').run('x'.repeat(900));
    database.exec('COMMIT');
  }
  for (;;) {
    database.exec('BEGIN');
    database.exec('UPDATE accounts SET amount = amount + 1 WHERE id % 2 = 0');
    database.exec('UPDATE accounts SET amount = amount - 1 WHERE id % 2 = 1');
    database.exec('COMMIT');
    require('node:fs').writeSync(1, (database.prepare('SELECT max(amount) - 100 AS done FROM accounts').get().done) + '\\n');
  }`;

/** Resolves to the last transfer that was told as committed, `told` where none was. */
async function transferUntilKilled(afterMs: number, told: number): Promise<number> {
  const child = spawn(process.execPath, ['-e', TRANSFERS, bundle, file()], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  const ended = new Promise((resolve) => child.once('close', resolve));
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (output === '') setTimeout(resolve, afterMs);
      output += chunk.toString();
    });
    child.once('exit', () => resolve());
  });
  child.kill('SIGKILL');
  await ended;
  return Number(output.slice(0, output.lastIndexOf('\n')).split('\n').at(-1) || told);
}
