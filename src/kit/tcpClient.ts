import { connect, type Socket } from 'node:net';
import { after, sleep } from '../runtime/patience.ts';
import { readSegmentCounts, type SegmentCounts } from '../runtime/tcpInfo.ts';
import type { RandomStream } from '../sim/engine/random.ts';
import { cutAtRandom, drawAround } from './faults.ts';

/** One TCP connection to the learner's server, with the faults that real clients have. */
export interface TcpClient {
  /** Milliseconds that connect() took. */
  readonly connectMs: number;
  readonly localPort: number;
  /** Sends these bytes; resolves when the kernel took them. */
  write(data: string | Uint8Array): Promise<void>;
  /** A slow writer: one byte a write, and behind each a pause that the seed draws, of `everyMs` on average (1 unless given). Resolves with the pauses, in ms. */
  writeByteByByte(data: string | Uint8Array, everyMs?: number): Promise<readonly number[]>;
  /** Cut into at most `pieces` parts at places that the seed draws, `everyMs` apart, each a segment of its own: 8 and 1 unless given. */
  writeInPieces(data: string | Uint8Array, plan?: { readonly pieces?: number; readonly everyMs?: number }): Promise<void>;
  /** Sends only a beginning of these bytes, at least one and not all, cut where the seed draws: then `halfClose` or `reset`. Resolves with its length. */
  writePart(data: string | Uint8Array): Promise<number>;
  /** Everything received so far. */
  received(): Buffer;
  /** Segments with payload that the kernel counts for our end; null where the system does not say (without Linux's `ss`). */
  segments(): Promise<SegmentCounts | null>;
  /** Waits until what was received contains or matches this; rejects with what came instead. */
  readUntil(expected: string | RegExp, timeoutMs?: number): Promise<string>;
  /** Waits until the server ended its side or the connection broke: `end`, or an error's code. */
  ended(timeoutMs?: number): Promise<string>;
  /** A slow reader: takes about this many bytes a second from now on, in portions that the seed draws; 0 reads nothing. */
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

/**
 * What a client draws: where writes in pieces are cut, where a part ends, how long it pauses, how much it reads at a time. A
 * stream for each, so that how much is read in time changes nothing of what is written.
 */
export type ClientStreams = (use: 'cuts' | 'parts' | 'pauses' | 'reads') => RandomStream;

/** Connects to 127.0.0.1. Rejects with a ClientError. */
export function connectTcp(port: number, timeoutMs: number, streams: ClientStreams): Promise<SocketClient> {
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
      resolve(new SocketClient(socket, performance.now() - began, streams));
    });
  });
}

export class SocketClient implements TcpClient {
  readonly localPort: number;
  readonly #socket: Socket;
  readonly #cuts: RandomStream;
  readonly #parts: RandomStream;
  readonly #pauses: RandomStream;
  readonly #reads: RandomStream;
  readonly #chunks: Buffer[] = [];
  /** How it ended: `END` where the server ended its side, else an errno name. */
  #ended: string | null = null;
  readonly #listeners = new Set<() => void>();
  #slow: NodeJS.Timeout | undefined;

  constructor(
    socket: Socket,
    readonly connectMs: number,
    streams: ClientStreams,
  ) {
    this.#socket = socket;
    this.#cuts = streams('cuts');
    this.#parts = streams('parts');
    this.#pauses = streams('pauses');
    this.#reads = streams('reads');
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

  async writeByteByByte(data: string | Uint8Array, everyMs = 1): Promise<readonly number[]> {
    const bytes = [...Buffer.from(data)].map((byte) => Buffer.of(byte));
    const pauses = bytes.map(() => drawAround(everyMs, this.#pauses));
    await this.#writeEach(bytes, pauses);
    return pauses;
  }

  async writeInPieces(data: string | Uint8Array, { pieces = 8, everyMs = 1 }: { readonly pieces?: number; readonly everyMs?: number } = {}): Promise<void> {
    const parts = cutAtRandom(Buffer.from(data), pieces, this.#cuts);
    await this.#writeEach(parts, parts.map(() => everyMs));
  }

  async writePart(data: string | Uint8Array): Promise<number> {
    const bytes = Buffer.from(data);
    const length = this.#parts.integer(1, bytes.length - 1);
    await this.write(bytes.subarray(0, length));
    return length;
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
      const wanted = Math.max(1, Math.round(drawAround((bytesPerSecond * everyMs) / 1000, this.#reads)));
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

  /** A segment each, with a pause behind each, in ms. */
  async #writeEach(parts: readonly Uint8Array[], pauses: readonly number[]): Promise<void> {
    this.#socket.setNoDelay(true);
    for (const [i, part] of parts.entries()) {
      await this.write(part);
      await sleep(pauses[i] as number);
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
