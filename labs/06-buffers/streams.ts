import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { CheckContext, Program } from 'backend-labs/kit';

export const POLL_MS = 10;
/** Looks, POLL_MS apart and more on a busy machine, without a byte: then a stream stands still. */
export const STALL_LOOKS = 70;
/** The same for a stream whose source has paused. */
const PAUSE_LOOKS = 10;
const PATIENCE_MS = 2000;
/** More than any source here has. */
const MOST_BYTES = 128 * 1024 * 1024;
/** A prime, so that a chunk that is missing or doubled shifts what follows. */
const PERIOD = 65_521;
const PATTERN = Buffer.from(Array.from({ length: 3 * PERIOD }, (_, i) => ((i % PERIOD) * 31 + (i % PERIOD >> 8)) & 255));

/** Less than the high-water mark of a socket in any Node (16 KiB): one of these may wait in the relay without making it pause. */
const PIECE_BYTES = 15_000;

/** Sends `bytes` of the pattern to whoever connects, as fast as they are taken. */
export class Source {
  readonly #sockets = new Set<Socket>();
  #sent = 0;
  #lastSentMs = 0;
  #idleAfter = Infinity;
  #held: (() => void)[] = [];

  readonly server: Server;
  readonly bytes: number;

  private constructor(server: Server, bytes: number) {
    this.server = server;
    this.bytes = bytes;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      this.#send(socket, 0);
    });
  }

  static async listening(bytes: number): Promise<Source> {
    const source = new Source(createServer(), bytes);
    await new Promise<void>((resolve) => source.server.listen({ host: '127.0.0.1', port: 0 }, resolve));
    return source;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  open(): number {
    return this.#sockets.size;
  }

  sentBytes(): number {
    return this.#sent;
  }

  /** From now on, who connects gets so many bytes, and no end. */
  idleAfter(bytes: number): void {
    this.#idleAfter = bytes;
  }

  /** What was held back by `idleAfter` comes now, and the end. */
  goOn(): void {
    this.#idleAfter = Infinity;
    for (const send of this.#held.splice(0)) send();
  }

  /** Whether it got rid of something in the last moments. */
  busy(): boolean {
    return this.#sent === 0 || performance.now() - this.#lastSentMs < 10 * POLL_MS;
  }

  /** Sends small pieces by hand, each when the one before has been taken, until some of it waits in the relay, whose client does not read; then ends. Gives what was sent. */
  async fill(t: CheckContext, relay: Program): Promise<number> {
    await waitFor(t, () => this.#sockets.size > 0);
    const [socket] = this.#sockets;
    let given = 0;
    for (let looks = 0; looks < STALL_LOOKS && given < this.bytes; looks++) {
      const { readBytes, unsentBytes } = await relay.openSockets();
      if (unsentBytes > 0) break;
      if (readBytes < given) await t.sleep(1);
      else {
        socket?.write(PATTERN.subarray(given % PERIOD, (given % PERIOD) + PIECE_BYTES));
        given += PIECE_BYTES;
        looks = 0;
      }
    }
    socket?.end();
    return given;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.server.close();
  }

  #send(socket: Socket, from: number): void {
    if (from >= this.#idleAfter) return void this.#held.push(() => this.#send(socket, from));
    if (from >= this.bytes) return void socket.end();
    const length = Math.min(PERIOD, Math.min(this.bytes, this.#idleAfter) - from);
    socket.write(PATTERN.subarray(from % PERIOD, (from % PERIOD) + length), (error) => {
      if (error) return;
      this.#sent += length;
      this.#lastSentMs = performance.now();
      this.#send(socket, from + length);
    });
  }
}

/** A client that holds what it gets against the pattern. */
export class Reader {
  received = 0;
  ended = false;
  /** Where what came first differs from what the source sends. */
  wrongAt: number | null = null;
  /** Nothing more came, and no end. */
  stalled = false;
  readonly #socket: Socket;
  #closed = false;

  constructor(port: number) {
    this.#socket = connect({ host: '127.0.0.1', port });
    this.#socket.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#socket.on('end', () => (this.ended = true));
    this.#socket.on('error', () => (this.#closed = true));
    this.#socket.on('close', () => (this.#closed = true));
  }

  stop(): void {
    this.#socket.pause();
  }

  go(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Waits until something came and nothing comes any more. */
  async toPause(t: CheckContext): Promise<void> {
    let before = -1;
    for (let quiet = 0, waited = 0; quiet < PAUSE_LOOKS && !this.#closed && waited < PATIENCE_MS; waited += POLL_MS, before = this.received) {
      await t.sleep(POLL_MS);
      quiet = this.received > 0 && this.received === before ? quiet + 1 : 0;
    }
  }

  /** Waits for the end, or until nothing comes any more, or more than there is. */
  async toEnd(t: CheckContext): Promise<void> {
    let before = -1;
    for (let quiet = 0; !this.ended && !this.#closed && !this.stalled && this.received <= MOST_BYTES; before = this.received) {
      await t.sleep(POLL_MS);
      quiet = this.received === before ? quiet + 1 : 0;
      this.stalled = quiet >= STALL_LOOKS;
    }
    this.close();
  }

  #take(chunk: Buffer): void {
    const from = this.received % PERIOD;
    if (this.wrongAt === null && !chunk.equals(PATTERN.subarray(from, from + chunk.length))) this.wrongAt = this.received;
    this.received += chunk.length;
  }
}

export async function waitFor(t: CheckContext, done: () => boolean): Promise<void> {
  for (let waited = 0; waited < PATIENCE_MS && !done(); waited += POLL_MS) await t.sleep(POLL_MS);
}
