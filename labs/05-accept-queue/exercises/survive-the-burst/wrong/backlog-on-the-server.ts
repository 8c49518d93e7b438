import { createServer } from 'node:http';

// A shop's server. Orders come in bursts: up to 100 clients within 50 ms.
// Now and then somebody asks for a report, and computing it keeps the event loop busy for about 400 ms.
// Clients that connect in this moment must not have to wait for it, let alone for a second SYN.

/** Checks every sale of the day; about 400 ms of computing. The answer has to stay the same. */
function report(): string {
  let sum = 0;
  const end = performance.now() + 400;
  for (let sale = 1; sale <= 50_000 || performance.now() < end; sale++) {
    if (sale <= 50_000) sum = (sum * 31 + sale) % 1_000_003;
  }
  return `checksum ${sum}`;
}

const options = { keepAlive: true, backlog: 128 };
const server = createServer(options, (request, response) => {
  if (request.url === '/report') response.end(report());
  else response.end('order taken');
});

server.listen({ host: '127.0.0.1', port: Number(process.env.PORT), backlog: 16 });
