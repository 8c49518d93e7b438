import { createServer, type Socket } from 'node:net';
import { server } from 'backend-labs/kit';

/**
 * A server that has more to say than its clients may want to hear. To whoever connects it writes chunks for as long as the
 * kernel takes them, and goes on when there is room again; with `onDemand` it writes once, when the experiment says so.
 */
export default server((lab) => {
  const chunk = Buffer.alloc(lab.values.chunk ?? 65_536, 'x');
  const sockets = new Set<Socket>();
  const tcp = createServer({ pauseOnConnect: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    if (lab.values.onDemand) return;
    socket.on('drain', () => fill(socket, chunk));
    fill(socket, chunk);
  });
  lab.handle('fill', () => [...sockets].map((socket) => fill(socket, chunk))[0]);
  lab.recordAccepts(tcp);
  tcp.listen({ host: '127.0.0.1', port: lab.port });
});

/** What one round of writing came to. */
export interface Filled {
  /** Calls of write(), the last of which the kernel did not take whole. */
  readonly writes: number;
  /** Bytes handed to write() in all of them. */
  readonly bytes: number;
  /** What the last write() returned. */
  readonly lastReturned: boolean;
  /** When it returned, in nanoseconds on the monotonic clock. */
  readonly atNs: number;
}

/**
 * Writes until the kernel takes no more. Node passes each chunk to the kernel before write() returns, and keeps what the
 * kernel did not take: that is seen in `writableLength`, whatever write() returns.
 */
function fill(socket: Socket, chunk: Buffer): Filled {
  let writes = 0;
  let lastReturned = true;
  while (socket.writableLength === 0 && !socket.destroyed) {
    lastReturned = socket.write(chunk);
    writes++;
  }
  return { writes, bytes: writes * chunk.length, lastReturned, atNs: Number(process.hrtime.bigint()) };
}
