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
  source.on('data', (chunk) => {
    if (!client.write(chunk)) source.pause();
  });
  client.on('drain', () => source.resume());
  source.on('end', () => client.end());
  source.on('error', () => client.destroy());
  client.on('error', () => source.destroy());
  source.on('close', () => client.destroy());
  client.on('close', () => source.destroy());
});

server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
