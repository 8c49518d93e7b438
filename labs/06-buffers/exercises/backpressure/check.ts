import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { check, type CheckContext, type Program } from 'backend-labs/kit';

const MIB = 1024 * 1024;
const WHOLE_BYTES = 64 * MIB;
/** Half the stream: far above what a runtime itself may come to need, far below what piles up. */
const GROWTH_BYTES = 32 * MIB;
const IDLE_AFTER = 1000;
/**
 * A source that is rid of nothing for so long stands still. What a relay takes bit by bit the source notices in bursts, since its kernel
 * opens the window again only when half of the receive buffer is free.
 */
const STILL_MS = 1000;
/** For a source to come to stand still. */
const WATCH_MS = 6000;
const POLL_MS = 10;
/** Without a byte for so long, a stream stands still. */
const PATIENCE_MS = 2000;
/** A prime, so that a chunk that is missing or doubled shifts what follows. */
const PERIOD = 65_521;
const PATTERN = Buffer.from(Array.from({ length: 3 * PERIOD }, (_, i) => ((i % PERIOD) * 31 + (i % PERIOD >> 8)) & 255));

const FORWARD = [/on\('data'/, /pipe(line)?\(/, /Your work starts here/, /createServer\(/];
const PAUSE = [/client\.write\(/, ...FORWARD];

export default [
  check('forwards', async (t) => {
    await withSource(t, 1000, async (program) => {
      t.step('Read a stream of 1000 bytes');
      const reader = new Reader(program.port);
      await reader.toEnd(t);
      t.expect(reader.received, { equals: 1000 }, { what: 'Bytes that arrived before the connection ended', unit: 'bytes', hint: 'pass-it-on', at: FORWARD });
      t.expect(reader.ended, { equals: true }, { what: 'The connection was ended', hint: 'pass-it-on', at: [/\.end\(/, ...FORWARD] });
    });
  }),

  check('whole', async (t) => {
    await withSource(t, WHOLE_BYTES, async (program) => {
      t.step(`Connect a client that does not read for 100 ms, then reads all ${WHOLE_BYTES / MIB} MiB`);
      const reader = new Reader(program.port);
      reader.stop();
      await t.sleep(100);
      reader.go();
      await reader.toEnd(t);
      const { received, wrongAt } = reader;
      if (wrongAt === null && received === WHOLE_BYTES) return;
      const stuck = wrongAt === null && !reader.ended;
      t.fail({
        kind: 'wrong-answer',
        message: stuck ? `After ${show(received)} nothing more came for ${PATIENCE_MS} ms: the relay stands still.` : `What arrived is not what the source sent: the first difference is at ${show(wrongAt ?? received)}.`,
        expected: `${WHOLE_BYTES} bytes, unchanged`,
        actual: `${received} bytes${reader.ended ? '' : ', without an end'}${wrongAt === null ? '' : `, different from byte ${wrongAt} on`}`,
        hint: stuck ? 'resume-on-drain' : hintForDifference(t.source),
        at: stuck ? [/\.pause\(\)/, ...PAUSE] : PAUSE,
      });
    });
  }, { needs: ['forwards'] }),

  check('bounded', async (t) => {
    await withSource(t, WHOLE_BYTES, async (program, source) => {
      const before = program.residentBytes();
      t.step(`Connect a client that does not read, to a source of ${WHOLE_BYTES / MIB} MiB, and look at the relay's memory until the source has stood still for ${STILL_MS} ms`);
      const reader = new Reader(program.port);
      reader.stop();
      let most = 0;
      for (let waited = 0; source.busy(STILL_MS) && waited < WATCH_MS; waited += POLL_MS) {
        await t.sleep(POLL_MS);
        most = Math.max(most, (program.residentBytes() ?? 0) - (before ?? 0));
        if (most > GROWTH_BYTES) break;
      }
      const takesOn = most <= GROWTH_BYTES && source.busy(STILL_MS);
      reader.close();
      if (takesOn) t.fail({ kind: 'wrong-answer', message: `Its client reads nothing, and the relay takes more and more from the source: ${show(source.sentBytes())} so far.`, expected: 'a source that stands still', actual: `${show(source.sentBytes())}, and more to come`, hint: 'not-by-the-clock', at: [/setTimeout|sleep/, ...PAUSE] });
      // Where the system does not say what a process has, what the source is rid of bounds it; the kernels' buffers are in it.
      const grown = before === null ? source.sentBytes() : most;
      if (grown <= GROWTH_BYTES) return;
      t.fail({
        kind: 'wrong-answer',
        message: `While its client did not read, the relay's memory grew by ${show(grown)}: what the client does not take piles up in it.`,
        expected: `at most ${GROWTH_BYTES / MIB} MiB more`,
        actual: `${show(grown)} more after ${show(source.sentBytes())} from the source`,
        hint: hintForGrowth(t.source),
        at: /highWaterMark/.test(t.source) ? [/highWaterMark/] : PAUSE,
      });
    });
  }, { needs: ['whole'] }),

  check('gone', async (t) => {
    await withSource(t, WHOLE_BYTES, async (program, source) => {
      t.step('Connect a client that does not read, and let it go away while the source still has more');
      const reader = new Reader(program.port);
      reader.stop();
      await waitFor(t, () => source.sentBytes() > 0 && !source.busy());
      t.expect(source.open(), { equals: 1 }, { what: 'Connections to the source while the client is there', unit: 'connections', hint: 'pass-it-on', at: FORWARD });
      reader.close();
      t.step('Count the connections to the source');
      await waitFor(t, () => source.open() === 0);
      const aim = { unit: 'connections', kind: 'leaked', hint: 'close-both', at: [/\.pipe\(/, /connect\(\{/, ...FORWARD] } as const;
      t.expect(source.open(), { equals: 0 }, { what: 'Connections to the source that stay open without a client', ...aim });
      t.step(`Connect a client that takes ${IDLE_AFTER} bytes, after which the source has nothing for now, and let it go away`);
      source.idleAfter(IDLE_AFTER);
      const polite = new Reader(program.port);
      await waitFor(t, () => polite.received === IDLE_AFTER);
      polite.close();
      await waitFor(t, () => source.open() === 0);
      t.expect(source.open(), { equals: 0 }, { what: 'Connections to a source without news that stay open without a client', ...aim });
    });
  }, { needs: ['bounded'] }),

  check('apart', async (t) => {
    await withSource(t, WHOLE_BYTES / 4, async (program, source) => {
      t.step('Connect a client that does not read');
      const stopped = new Reader(program.port);
      stopped.stop();
      await waitFor(t, () => source.sentBytes() > 0 && !source.busy());
      t.step('Connect another one that reads');
      const reader = new Reader(program.port);
      await reader.toEnd(t);
      stopped.close();
      t.expect(reader.received, { equals: WHOLE_BYTES / 4 }, { what: 'Bytes that the reading client got while another one stood still', unit: 'bytes', hint: 'pause-only-yours', at: [/\.pause\(\)/, ...PAUSE] });
    });
  }, { needs: ['bounded'] }),
];

function hintForGrowth(source: string): string {
  if (/\.pause\(\)/.test(source) && /setTimeout|sleep/.test(source)) return 'not-by-the-clock';
  if (/highWaterMark/.test(source)) return 'larger-is-not-bounded';
  if (/Buffer\.concat/.test(source)) return 'do-not-collect';
  if (/'drain'|\.push\(/.test(source)) return 'your-queue-counts-too';
  return 'write-said-no';
}

function hintForDifference(source: string): string {
  return /\.pause\(\)/.test(source) ? 'false-means-taken' : 'nothing-is-dropped';
}

function show(bytes: number): string {
  return bytes < MIB ? `${bytes} bytes` : `${(bytes / MIB).toFixed(1)} MiB`;
}

async function waitFor(t: CheckContext, done: () => boolean): Promise<void> {
  for (let waited = 0; waited < PATIENCE_MS && !done(); waited += POLL_MS) await t.sleep(POLL_MS);
}

/** Starts a source of `bytes` for each connection, and the learner's program beside it. */
async function withSource(t: CheckContext, bytes: number, run: (program: Program, source: Source) => Promise<void>): Promise<void> {
  const source = await Source.listening(bytes);
  try {
    t.step('Start your relay');
    await run(await t.start({ env: { SOURCE_PORT: String(source.port) } }), source);
  } finally {
    source.close();
  }
}

/** Sends `bytes` of the pattern to whoever connects, as fast as they are taken. */
class Source {
  readonly #sockets = new Set<Socket>();
  #sent = 0;
  #lastSentMs = 0;
  #idleAfter = Infinity;

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

  /** Whether it got rid of something in the last moments. */
  busy(withinMs = 10 * POLL_MS): boolean {
    return this.#sent === 0 || performance.now() - this.#lastSentMs < withinMs;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.server.close();
  }

  #send(socket: Socket, from: number): void {
    if (from >= this.#idleAfter) return;
    if (from >= this.bytes) return void socket.end();
    const length = Math.min(PERIOD, Math.min(this.bytes, this.#idleAfter) - from);
    socket.write(PATTERN.subarray(0, length), (error) => {
      if (error) return;
      this.#sent += length;
      this.#lastSentMs = performance.now();
      this.#send(socket, from + length);
    });
  }
}

/** A client that holds what it gets against the pattern. */
class Reader {
  received = 0;
  ended = false;
  /** Where what came first differs from what the source sends. */
  wrongAt: number | null = null;
  readonly #socket: Socket;
  #closed = false;
  #lastMs = performance.now();

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
    this.#lastMs = performance.now();
    this.#socket.resume();
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Waits for the end, or until nothing comes any more. */
  async toEnd(t: CheckContext): Promise<void> {
    while (!this.ended && !this.#closed && this.wrongAt === null && performance.now() - this.#lastMs < PATIENCE_MS) await t.sleep(POLL_MS);
    this.close();
  }

  #take(chunk: Buffer): void {
    const from = this.received % PERIOD;
    if (this.wrongAt === null && !chunk.equals(PATTERN.subarray(from, from + chunk.length))) this.wrongAt = this.received;
    this.received += chunk.length;
    this.#lastMs = performance.now();
  }
}
