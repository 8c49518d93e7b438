/** One TCP connection to the learner's server, with the faults that real clients have. */
export interface TcpClient {
  /** Milliseconds that connect() took. */
  readonly connectMs: number;
  readonly localPort: number;
  /** Sends these bytes; resolves when the kernel took them. */
  write(data: string | Uint8Array): Promise<void>;
  /** A slow writer: one byte a write, `everyMs` apart. */
  writeByteByByte(data: string | Uint8Array, everyMs?: number): Promise<void>;
  /** Everything received so far. */
  received(): Buffer;
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
