import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Forker } from './forker.ts';

const START_MS = 5000;
const KEY = 'data';
/** Kept free at the value's end, so that with its header it still fits a block of a power of two. */
const HEADER_BYTES = 64;
/** The child waits so long after each key, as with a slow disk; it is ended long before. */
const SLOW_DISK_US = 600_000_000;
/** Keys are saved in an order that nobody knows: among so many, a small one comes first, and the child waits and takes no processor time. */
const SMALL_KEYS = 1000;

/**
 * A redis-server of our own, on a socket in the run's folder, with a value of so many bytes. Its fork() is BGSAVE's, its writes are
 * SETRANGE. Null where there is no redis-server on the PATH.
 */
export async function startRedis(bytes: number, pageBytes: number): Promise<Forker | null> {
  const folder = mkdtempSync(join(tmpdir(), 'r'));
  const path = join(folder, 's');
  const settings = ['--port', '0', '--unixsocket', path, '--dir', folder, '--save', '', '--appendonly', 'no', '--logfile', ''];
  const server = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'ignore'] });
  const log = readLog(server);
  const socket = await connected(server, path);
  if (!socket) {
    server.kill('SIGKILL');
    return null;
  }
  const redis = new RedisClient(socket);
  const pid = server.pid as number;
  try {
    const version = /redis_version:(\S+)/.exec(await redis.ask('INFO', 'server'))?.[1] ?? '';
    await redis.ask('CONFIG', 'SET', 'rdb-key-save-delay', String(SLOW_DISK_US));
    // Its last byte makes Redis allocate the value and fill it with zeros: every page of it is then in memory.
    await redis.ask('SETRANGE', KEY, String(bytes - HEADER_BYTES - 1), 'x');
    await redis.pipeline(Array.from({ length: SMALL_KEYS }, (_, i) => ['SET', `small:${i}`, 'x']));
    return {
      name: `Redis ${version} with a value of ${bytes / 1024 ** 2} MiB, BGSAVE and then SETRANGE`,
      pid,
      fork: async () => {
        await redis.ask('BGSAVE');
        return log.childPid;
      },
      // Well inside a page, wherever in a page the value begins.
      write: (pages) => redis.pipeline(pages.map((page) => ['SETRANGE', KEY, String(page * pageBytes + pageBytes / 2), 'y'])),
      end: () => {
        socket.destroy();
        log.end();
        server.kill('SIGKILL');
      },
    };
  } catch (error) {
    server.kill('SIGKILL');
    throw error;
  }
}

/** Redis says in its log which process saves. */
function readLog(server: ChildProcess): { readonly childPid: Promise<number>; end(): void } {
  let text = '';
  let pid = 0;
  const childPid = new Promise<number>((resolve) => {
    server.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      pid = Number(/saving started by pid (\d+)/.exec(text)?.[1] ?? 0);
      if (pid > 0) resolve(pid);
    });
  });
  return { childPid, end: () => pid > 0 && process.kill(pid, 'SIGKILL') };
}

/** Null where the server cannot be started, or ends before it listens. */
async function connected(server: ChildProcess, path: string): Promise<Socket | null> {
  let gone = false;
  server.once('error', () => (gone = true));
  server.once('exit', () => (gone = true));
  for (const began = performance.now(); !gone && performance.now() - began < START_MS; await sleep(10)) {
    const socket = connect(path);
    const up = await new Promise<boolean>((resolve) => socket.once('connect', () => resolve(true)).once('error', () => resolve(false)));
    if (up) return socket;
  }
  return null;
}

/** As much of Redis's protocol as the lab needs: commands out; simple, numeric and bulk replies in, in the order of the commands. */
class RedisClient {
  readonly #socket: Socket;
  #pending = '';
  #replies: string[] = [];
  #changed: () => void = () => undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1').on('data', (chunk: string) => this.#take(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => this.#changed());
  }

  /** The reply to one command. Throws where Redis refuses it. */
  async ask(...command: readonly string[]): Promise<string> {
    await this.pipeline([command], false);
    return this.#replies.shift() ?? '';
  }

  /** Sends many commands at once and waits for all of their replies. Throws where Redis refuses one, or ends. */
  async pipeline(commands: readonly (readonly string[])[], drop = true): Promise<void> {
    this.#socket.write(commands.map((words) => `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`).join(''));
    while (this.#replies.length < commands.length) {
      if (this.#socket.destroyed) throw new Error('Redis ended before it had answered.');
      await new Promise<void>((resolve) => (this.#changed = resolve));
    }
    const refused = this.#replies.find((reply) => reply.startsWith('-'));
    if (refused !== undefined) throw new Error(`Redis refused a command: ${refused.slice(1)}`);
    if (drop) this.#replies = [];
  }

  #take(chunk: string): void {
    this.#pending += chunk;
    for (let end = this.#pending.indexOf('\r\n'); end >= 0; end = this.#pending.indexOf('\r\n')) {
      const line = this.#pending.slice(0, end);
      const bulk = line.startsWith('$') ? Number(line.slice(1)) + 2 : 0;
      if (this.#pending.length < end + 2 + bulk) break;
      this.#replies.push(bulk > 0 ? this.#pending.slice(end + 2, end + bulk) : line);
      this.#pending = this.#pending.slice(end + 2 + bulk);
    }
    this.#changed();
  }
}
