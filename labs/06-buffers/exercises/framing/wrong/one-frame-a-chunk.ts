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

const server = createServer((socket) => {
  let pending = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    if (pending.length < 4) return;
    const length = pending.readUInt32BE(0);
    if (length > LIMIT) {
      socket.removeAllListeners('data').resume();
      socket.end(frame('too long'));
      return;
    }
    if (pending.length >= 4 + length) {
      socket.write(frame(answer(pending.toString('utf8', 4, 4 + length))));
      pending = pending.subarray(4 + length);
    }
  });
});

server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
