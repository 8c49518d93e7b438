import { createServer } from 'node:net';

// A server that answers messages. A message is a frame: 4 bytes of length (unsigned, most significant byte first), then as many
// bytes of UTF-8. TCP carries bytes, not messages: a chunk may hold half a frame or three and a half.
//
//   each whole frame is answered by one frame, in order: answer() of its text; a frame of length 0 counts too
//   a length above LIMIT is answered at once, before the rest comes, by a frame "too long", and the connection ends
//   a frame whose end never comes is not answered
//   what one client sends is no part of another one's frame
const LIMIT = 64 * 1024;

function answer(text: string): string {
  return `${[...text].length} characters: ${text.toUpperCase()}`;
}

function frame(text: string): Buffer {
  const payload = Buffer.from(text, 'utf8');
  const header = Buffer.alloc(4);
  header.writeUInt32BE(payload.length);
  return Buffer.concat([header, payload]);
}

/** Cuts a byte stream into frames, whatever the pieces in which it comes. */
class Frames {
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #wantedBytes = 4;
  #payload = false;

  /** The payloads that `chunk` completes. Throws a RangeError as soon as a length above LIMIT is known. */
  *take(chunk: Buffer): Generator<Buffer> {
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    while (this.#pendingBytes >= this.#wantedBytes) {
      const part = this.#cut(this.#wantedBytes);
      if (this.#payload) {
        this.#want(4, false);
        yield part;
      } else {
        const length = part.readUInt32BE(0);
        if (length > LIMIT) throw new RangeError(`a frame of ${length} bytes`);
        this.#want(length, true);
      }
    }
  }

  #want(bytes: number, payload: boolean): void {
    this.#wantedBytes = bytes;
    this.#payload = payload;
  }

  /** The next bytes. Chunks are put together only here, once a part is whole, so that a byte is copied once and not once a chunk. */
  #cut(bytes: number): Buffer {
    const all = this.#pending.length === 1 ? (this.#pending[0] as Buffer) : Buffer.concat(this.#pending);
    this.#pending = [all.subarray(bytes)];
    this.#pendingBytes -= bytes;
    return all.subarray(0, bytes);
  }
}

const server = createServer((socket) => {
  const frames = new Frames();
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    try {
      // Decoded only when whole: a character of several bytes may be cut by a chunk, never by a frame.
      for (const payload of frames.take(chunk)) socket.write(frame(answer(payload.toString('utf8'))));
    } catch {
      socket.removeAllListeners('data').resume();
      socket.end(frame('too long'));
    }
  });
});

server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
