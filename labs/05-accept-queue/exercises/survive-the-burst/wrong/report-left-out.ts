import { createServer } from 'node:http';

// A shop's server. Orders come in bursts: up to 100 clients within 50 ms.
// Now and then somebody asks for a report, and computing it keeps the event loop busy for about 400 ms.
// Clients that connect in this moment must not have to wait for it, let alone for a second SYN.

/** Checks every sale of the day; about 400 ms of computing. The answer has to stay the same. */
function report(): string {
  let sum = 0;
  // A sample will do.
  for (let sale = 1; sale <= 500; sale++) sum = (sum * 31 + sale) % 1_000_003;
  return `checksum ${sum}`;
}

const server = createServer((request, response) => {
  if (request.url === '/report') response.end(report());
  else response.end('order taken');
});

// The kernel finishes handshakes while the loop computes, as long as the accept queue has room: backlog + 1 places.
// 511 is Node's own default, room for five such bursts; somaxconn (4096 on Linux) would cap it in silence.
server.listen({ host: '127.0.0.1', port: Number(process.env.PORT), backlog: 511 });
