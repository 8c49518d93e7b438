import { connect, type Socket } from 'node:net';

/** What the server is to answer: after each `per` bytes received, `bytes` bytes. */
export interface Reply {
  readonly per: number;
  readonly bytes: number;
}

/** Times of one request, nanoseconds on the monotonic clock. */
export interface Answered {
  readonly writes: readonly { readonly atNs: number; readonly bytes: number }[];
  readonly answeredNs: number;
}

/** A client that makes one request after another on one connection. */
export class LabClient {
  readonly localPort: number;
  readonly #socket: Socket;
  #received = 0;
  #heard: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.localPort = socket.localPort ?? 0;
    socket.on('data', (chunk) => {
      this.#received += chunk.length;
      this.#heard();
    });
    // A connection that broke gives no answer; the experiment's own clock ends the wait.
    socket.on('error', () => undefined);
  }

  /** Connects to 127.0.0.1; rejects with the system's error. Nagle's rule is on unless `noDelay`. */
  static connect(port: number, noDelay: boolean): Promise<LabClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, noDelay });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new LabClient(socket));
      });
    });
  }

  /** Makes each of the writes, a system call of its own unless `gathered`, and waits for the answer's last byte. */
  async request(writes: readonly number[], responseBytes: number, gathered: boolean): Promise<Answered> {
    const wanted = this.#received + responseBytes;
    const chunks = writes.map((bytes) => Buffer.alloc(bytes));
    const answered = new Promise<number>((resolve) => {
      this.#heard = () => this.#received >= wanted && resolve(nowNs());
    });
    const made: { atNs: number; bytes: number }[] = [];
    if (gathered) this.#socket.cork();
    for (const chunk of chunks) {
      made.push({ atNs: nowNs(), bytes: chunk.length });
      this.#socket.write(chunk);
    }
    if (gathered) this.#socket.uncork();
    return { writes: made, answeredNs: await answered };
  }

  write(bytes: number): void {
    this.#socket.write(Buffer.alloc(bytes));
  }

  close(): void {
    this.#socket.destroy();
  }
}

function nowNs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e9 + nanoseconds;
}
