import { accessSync as access, fsyncSync as synchronise, mkdirSync as makeDirectory, rmdirSync as removeDirectory } from 'fs';

/**
 * Node's `fs` as node-sqlite3-wasm is given it (esbuild.mjs puts it in place). The library locks a database by making the
 * directory `NAME.lock` beside it. That directory stays behind when a process is killed: the database is then locked for good.
 * It also hides from SQLite that a journal is there to be rolled back, since while it looks, the lock is held, by itself. So
 * these locks are kept in memory instead, where they end with the process, as those of the kernel do.
 */
export * from 'fs';

const LOCK = '.lock';
const held = new Set<string>();

/** Takes a lock, or makes a directory. */
export function mkdirSync(...args: Parameters<typeof makeDirectory>): string | undefined {
  const path = String(args[0]);
  if (!path.endsWith(LOCK)) return makeDirectory(...args);
  if (held.has(path)) throw Object.assign(new Error(`${path} is held`), { code: 'EEXIST' });
  held.add(path);
  return undefined;
}

/** Gives a lock back, or removes a directory. */
export function rmdirSync(path: string): void {
  if (!held.delete(path)) removeDirectory(path);
}

/** Of a lock, SQLite asks only when it holds it itself, and means whether anybody else does: nobody can. */
export function accessSync(path: string, mode?: number): void {
  if (path.endsWith(LOCK)) throw Object.assign(new Error(`${path} is held by nobody else`), { code: 'ENOENT' });
  access(path, mode);
}

/**
 * Waits until the disk has it, where the process may: Node's permission model allows a learner's program no fsync. Without it
 * nothing is lost when the process dies, since what was written is the kernel's; only a power cut could lose it.
 */
export function fsyncSync(descriptor: number): void {
  try {
    synchronise(descriptor);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_ACCESS_DENIED') throw error;
  }
}
