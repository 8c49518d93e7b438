import { connect, createServer } from 'node:net';

// A relay. It fetches a stream from a fast source and passes it on to each client, who may read slowly or stop reading.
// What the client does not take must not pile up here: then the source has to wait as well.
//
//   everything the source sends arrives, unchanged and in order, and then the connection ends
//   while a client does not read, this program's memory does not grow with what the source still has
//   a client that goes away takes its connection to the source with it
//   one client's slowness is no other client's business
const SOURCE_PORT = Number(process.env.SOURCE_PORT);

const server = createServer((client) => {
  const source = connect({ host: '127.0.0.1', port: SOURCE_PORT });
  // What the client cannot take now waits its turn here.
  const waiting: Buffer[] = [];
  let free = true;
  let ended = false;
  const forward = (): void => {
    for (let chunk = waiting.shift(); chunk; chunk = waiting.shift()) {
      free = client.write(chunk);
      if (!free) return;
    }
    if (ended) client.end();
  };
  source.on('data', (chunk) => {
    waiting.push(chunk);
    if (free) forward();
  });
  client.on('drain', () => {
    free = true;
    forward();
  });
  source.on('end', () => {
    ended = true;
    if (free) forward();
  });
  source.on('error', () => client.destroy());
  client.on('error', () => source.destroy());
  client.on('close', () => source.destroy());
});

server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
