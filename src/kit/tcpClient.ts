import { connect, type Socket } from 'node:net';
import { after, sleep } from '../runtime/patience.ts';
import { readSegmentCounts, type SegmentCounts } from '../runtime/tcpInfo.ts';
import type { RandomStream } from '../sim/engine/random.ts';
import { cutAtRandom } from './faults.ts';

/** One TCP connection to the learner's server, with the faults that real clients have. */
export interface TcpClient {
  /** Milliseconds that connect() took. */
  readonly connectMs: number;
  readonly localPort: number;
  /** Sends these bytes; resolves when the kernel took them. */
  write(data: string | Uint8Array): Promise<void>;
  /** A slow writer: one byte a write, `everyMs` apart. */
  writeByteByByte(data: string | Uint8Array, everyMs?: number): Promise<void>;
  /** Cut into at most `pieces` parts at places that the seed draws, `everyMs` apart, each a segment of its own: 8 and 1 unless given. */
  writeInPieces(data: string | Uint8Array, plan?: { readonly pieces?: number; readonly everyMs?: number }): Promise<void>;
  /** Everything received so far. */
  received(): Buffer;
  /** Segments with payload that the kernel counts for our end; null where the system does not say (without Linux's `ss`). */
  segments(): Promise<SegmentCounts | null>;
  /** Waits until what was received contains or matches this; rejects with what came instead. */
  readUntil(expected: string | RegExp, timeoutMs?: number): Promise<string>;
  /** Waits until the server ended its side or the connection broke: `end`, or an error's code. */
  ended(timeoutMs?: number): Promise<string>;
  /** A slow reader: takes at most this many bytes a second from now on; 0 reads nothing. */
  readAtMost(bytesPerSecond: number): void;
  /** Half-close: ends our side (FIN) and goes on reading. */
  halfClose(): void;
  /** Breaks the connection with a RST. */
  reset(): void;
  close(): void;
}

/** What a client saw instead of what it waited for. `code`: `TIMEOUT`, `END`, or an errno name. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Connects to 127.0.0.1. Rejects with a ClientError. `random` draws where writes are cut. */
export function connectTcp(port: number, timeoutMs: number, random: RandomStream): Promise<SocketClient> {
  const began = performance.now();
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  return new Promise((resolve, reject) => {
    const stopWaiting = after(timeoutMs, () => {
      socket.destroy();
      reject(new ClientError('TIMEOUT', `connect() had not succeeded after ${timeoutMs} ms`));
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      stopWaiting();
      reject(new ClientError(error.code ?? 'ERROR', `connect() failed with ${error.code ?? error.message}`));
    });
    socket.once('connect', () => {
      stopWaiting();
      resolve(new SocketClient(socket, performance.now() - began, random));
    });
  });
}

export class SocketClient implements TcpClient {
  readonly localPort: number;
  readonly #socket: Socket;
  readonly #random: RandomStream;
  readonly #chunks: Buffer[] = [];
  /** How it ended: `END` where the server ended its side, else an errno name. */
  #ended: string | null = null;
  readonly #listeners = new Set<() => void>();
  #slow: NodeJS.Timeout | undefined;

  constructor(
    socket: Socket,
    readonly connectMs: number,
    random: RandomStream,
  ) {
    this.#socket = socket;
    this.#random = random;
    this.localPort = socket.localPort ?? 0;
    const end = (how: string): void => {
      this.#ended ??= how;
      this.#changed();
    };
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#changed();
    });
    socket.on('end', () => end('END'));
    socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'ERROR'));
    socket.on('close', () => end('END'));
  }

  write(data: string | Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.write(data, (error) => (error ? reject(new ClientError((error as NodeJS.ErrnoException).code ?? 'ERROR', `a write failed: ${error.message}`)) : resolve()));
    });
  }

  async writeByteByByte(data: string | Uint8Array, everyMs = 1): Promise<void> {
    await this.#writeEach([...Buffer.from(data)].map((byte) => Buffer.of(byte)), everyMs);
  }

  async writeInPieces(data: string | Uint8Array, { pieces = 8, everyMs = 1 }: { readonly pieces?: number; readonly everyMs?: number } = {}): Promise<void> {
    await this.#writeEach(cutAtRandom(Buffer.from(data), pieces, this.#random), everyMs);
  }

  received(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  segments(): Promise<SegmentCounts | null> {
    return readSegmentCounts(this.localPort);
  }

  async readUntil(expected: string | RegExp, timeoutMs = 5000): Promise<string> {
    const found = (): string | undefined => {
      const text = this.received().toString('utf8');
      return (typeof expected === 'string' ? text.includes(expected) : expected.test(text)) ? text : undefined;
    };
    await this.#until(() => found() !== undefined || this.#ended !== null, timeoutMs);
    const text = found();
    if (text !== undefined) return text;
    const came = JSON.stringify(this.received().toString('utf8').slice(-200));
    throw new ClientError(this.#ended ?? 'TIMEOUT', `${this.#ended ? `the connection ended (${this.#ended})` : `${timeoutMs} ms went by`} without ${String(expected)}; what came is ${came}`);
  }

  async ended(timeoutMs = 5000): Promise<string> {
    await this.#until(() => this.#ended !== null, timeoutMs);
    if (this.#ended === null) throw new ClientError('TIMEOUT', `the server did not end the connection within ${timeoutMs} ms`);
    return this.#ended;
  }

  readAtMost(bytesPerSecond: number): void {
    clearInterval(this.#slow);
    this.#socket.pause();
    if (bytesPerSecond <= 0) return;
    const everyMs = 20;
    this.#slow = setInterval(() => {
      const wanted = Math.max(1, Math.round((bytesPerSecond * everyMs) / 1000));
      // read() emits what it takes as data.
      this.#socket.read(Math.min(wanted, this.#socket.readableLength) || undefined);
    }, everyMs);
  }

  halfClose(): void {
    this.#socket.end();
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  close(): void {
    clearInterval(this.#slow);
    this.#socket.destroy();
  }

  async #writeEach(parts: readonly Uint8Array[], everyMs: number): Promise<void> {
    this.#socket.setNoDelay(true);
    for (const part of parts) {
      await this.write(part);
      await sleep(everyMs);
    }
  }

  async #until(done: () => boolean, timeoutMs: number): Promise<void> {
    const clock = new AbortController();
    const changed = new Promise<void>((resolve) => {
      const look = (): void => (done() ? resolve() : undefined);
      this.#listeners.add(look);
      clock.signal.addEventListener('abort', () => this.#listeners.delete(look));
      look();
    });
    await Promise.race([changed, sleep(timeoutMs, clock.signal).catch(() => undefined)]);
    clock.abort();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
