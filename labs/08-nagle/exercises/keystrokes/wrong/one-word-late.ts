import { createServer } from 'node:net';

// The far end of a terminal. For each key that is typed it writes
//
//   the key itself, at once
//   a suggestion for the word so far, "<word?>", a few milliseconds later, when the search for it is done
//
// and for Enter, a newline, it writes a listing of 100 lines. Somebody sits and types: a suggestion that comes 40 ms late
// feels like mud. A listing is read as a whole: 100 packets for its 100 lines are waste.

const SEARCH_MS = 8;

function listing(): string[] {
  return Array.from({ length: 100 }, (_, i) => `file-${String(i + 1).padStart(3, '0')}.txt\n`);
}

createServer({ noDelay: true }, (socket) => {
  const typed: string[] = [];
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    for (const byte of bytes) {
      if (byte === 10) {
        typed.length = 0;
        socket.write(listing().join(''));
        continue;
      }
      const key = String.fromCharCode(byte);
      typed.push(key);
      socket.write(key);
      setTimeout(() => socket.write(`<${typed.join('')}?>`), SEARCH_MS);
    }
  });
}).listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
