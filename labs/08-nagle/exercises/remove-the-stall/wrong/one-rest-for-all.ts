import { createServer, type Socket } from 'node:net';

// A catalogue. A client sends lines "GET <number>" and reads, for each, a header line and a body:
//
//   OK <length of the body in bytes>
//   <body>
//
// The server knows the answer at once, yet on one machine its clients wait 40 ms for each. Remove the stall, and leave
// Nagle's rule on: the same bytes in the same order, on the same connection.

function bodyOf(number: number): string {
  return `Item №${number}: a crème brûlée dish, ${number % 7} in stock, ${number * 3} €`;
}

function answer(socket: Socket, number: number): void {
  const body = bodyOf(number);
  const header = `OK ${Buffer.byteLength(body)}\n`;
  // Nagle's rule holds a small segment that follows an unacknowledged small one, so there must be no second one: what is
  // known together leaves together. Between cork() and uncork() Node gathers, and makes one system call of it.
  socket.cork();
  socket.write(header);
  socket.write(body);
  socket.uncork();
}

let unread = '';
const server = createServer((socket) => {
  socket.setEncoding('utf8');
  socket.on('data', (text) => {
    // A chunk is a piece of the stream: half a line, or several.
    const lines = (unread + text).split('\n');
    unread = lines.pop() ?? '';
    for (const line of lines) answer(socket, Number(line.slice('GET '.length)));
  });
  socket.on('error', () => socket.destroy());
});

server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
