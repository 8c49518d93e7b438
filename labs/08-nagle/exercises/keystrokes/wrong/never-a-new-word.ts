import { createServer, type Socket } from 'node:net';

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

const server = createServer((socket) => {
  let word = '';
  // Key and suggestion are two small writes, apart in time, that nobody can gather: the second must not wait for the first
  // one's ACK. The price is a segment for every write, so what is known together is gathered by hand.
  socket.setNoDelay(true);
  socket.setEncoding('latin1');
  socket.on('data', (keys) => {
    for (const key of String(keys)) word = type(socket, word, key);
  });
  socket.on('error', () => socket.destroy());
});

/** One key; gives the word that is now being typed. */
function type(socket: Socket, word: string, key: string): string {
  if (key === '\n') {
    socket.cork();
    for (const line of listing()) socket.write(line);
    socket.uncork();
    return word;
  }
  const longer = word + key;
  socket.write(key);
  setTimeout(() => socket.write(`<${longer}?>`), SEARCH_MS);
  return longer;
}

server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
